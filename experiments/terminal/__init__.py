"""What each command prints on a terminal; `forms` has the look they share. Imports rich and the jobs."""

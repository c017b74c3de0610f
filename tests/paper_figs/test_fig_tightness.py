"""Shares of bounds, worked by hand from verdicts, and a picture of the same bytes each time."""

import json

import pytest

from bounds.verdict import Verdict
from paper_figs.fig_tightness import draw_tightness, shares


def of(claim, word="holds", measured=(1.0, 1.0), bound=(0.0, 2.0), level=0.01, control=False):
    verdict = Verdict(claim, word, "because", level=level, measured=measured, bound=bound)
    return verdict.to_dict() | {"control": control}


INF = float("inf")


@pytest.fixture
def written(tmp_path):
    def write(*rows):
        path = tmp_path / "verdicts.json"
        path.write_text(json.dumps(rows))
        return path

    return write


@pytest.mark.parametrize(
    ("row", "ends"),
    [
        (of("B1", measured=(3, 3), bound=(-INF, 4), level=None), (0.75, 0.75)),
        (of("B4", measured=(1, 3), bound=(0, 4)), (0.25, 0.75)),
        (of("B2", measured=(0, 0.05), bound=(0, 0.1)), (0, 0.5)),
        (of("F1", measured=(8, INF), bound=(2, INF)), (0, 0.25)),
        (of("B3", measured=(4, 8), bound=(2, INF)), (0.25, 0.5)),
        (of("F0", measured=(95, 105), bound=(90, 110)), (0.95, 1.05)),
        (of("B1", "refuted", measured=(4, 4), bound=(-INF, 2), level=None), (2, 2)),
    ],
    ids=lambda value: value["claim"] if isinstance(value, dict) else "",
)
def test_a_share_is_measured_over_allowed_or_the_other_way_round(written, row, ends) -> None:
    (share,) = shares(written(row))
    assert (share.lo, share.hi) == pytest.approx(ends)
    assert share.is_searched == (row["level"] is None)


def test_controls_and_verdicts_without_numbers_have_no_share(written) -> None:
    rows = [of("B1", control=True), of("F0", "not applicable"), of("F1", "inconclusive"), of("B4")]
    assert [share.claim for share in shares(written(*rows))] == ["B4"]


def test_a_picture_of_every_kind_has_the_same_bytes_each_time(written, tmp_path) -> None:
    path = written(
        of("B1", measured=(3, 3), bound=(-INF, 2), level=None, word="refuted"),
        of("B4", measured=(1, 3), bound=(0, 4)),
        of("F1", measured=(8, INF), bound=(2, INF)),
    )
    first, second = (draw_tightness(path, tmp_path / name) for name in ("a", "b"))
    assert [path.suffix for path in first] == [".pdf", ".png"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "not the verdicts of evenstep check: Expecting"),
        ('{"a": 1}', "not the verdicts of evenstep check: must be a list of verdicts"),
        ("[3]", "not the verdicts of evenstep check"),
        ('[{"claim": "B1"}]', "not the verdicts of evenstep check"),
        ("[]", "no verdict of a claim has numbers to draw"),
    ],
)
def test_a_file_that_is_no_list_of_verdicts_is_one_line(tmp_path, content, why) -> None:
    path = tmp_path / "verdicts.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=rf"^{path}: {why}"):
        shares(path)

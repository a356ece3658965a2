"""Parts of pages of figures."""

from training.page import draw_table


def test_column_with_a_figure_stands_to_the_right_and_an_empty_head_is_none():
    drawn = draw_table("C", ["", "n", "words"], [("a", 1, "x"), ("b", "not shown", "<y>")])
    assert drawn == (
        '<div class="scroll" tabindex="0"><table><caption>C</caption><thead><tr><td></td>'
        '<th scope="col" class="number">n</th><th scope="col">words</th></tr></thead><tbody>'
        '<tr><th scope="row">a</th><td class="number">1</td><td>x</td></tr>'
        '<tr><th scope="row">b</th><td class="number">not shown</td><td>&lt;y&gt;</td></tr>'
        "</tbody></table></div>"
    )

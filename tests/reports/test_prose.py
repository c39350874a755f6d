"""Text as paper can show it: what is kept, what is dropped, and the words alone."""

import pytest

from reports.prose import clean, plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<p>a</p><h3>b</h3><ul><li>c</li></ul><ol><li>d</li></ol>",) * 2,
        ("<blockquote><p><strong>a</strong> <em>b</em></p></blockquote>",) * 2,
        ('<p><a href="mailto:x@example.dk">x</a></p>',) * 2,
        ("<p><a href='javascript:x'>x</a></p>", "<p><a>x</a></p>"),
        ("<p><a href='data:text/html,x'>x</a></p>", "<p><a>x</a></p>"),
        ("<p><a href='//evil.example'>x</a></p>", "<p><a>x</a></p>"),
        ("<p><a href='/notater/'>x</a></p>", "<p><a>x</a></p>"),
        ("<p><b>a</b> <i>b</i></p>", "<p><strong>a</strong> <em>b</em></p>"),
        ("<h1>a</h1><h2>b</h2><div>c</div>", "<h3>a</h3><h3>b</h3><p>c</p>"),
        ("<p>a<br>b</p>", "<p>a b</p>"),
        ("<p style='x' class='y' id='z'>a</p>", "<p>a</p>"),
        ("<style>p {}</style><script>x</script><p>a</p>", "<p>a</p>"),
        ("<table><tr><td colspan=1000000>a</td></tr></table>", "<p>a</p>"),
        ("<p></p>", ""),
        ("<p> &nbsp; </p>", ""),
        ("", ""),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
    ],
)
def test_only_what_paper_shows_is_kept(typed, kept):
    assert clean(typed) == kept
    assert clean(kept) == kept


def test_words_alone_have_a_line_for_each_block():
    markup = (
        "<title>T</title><style>x</style><h1>A &amp; B</h1><p>c <strong>d</strong></p><table><tr><th>e</th><td>f</td>"
    )
    assert plain(markup) == "A & B\nc d\ne f"

from matchmaker.web.isolation import isolated


def test_isolated_keeps_times_in_their_direction_and_escapes_the_rest():
    assert isolated("<b>09:00 & 10:35") == '&lt;b&gt;<bdi dir="ltr">09:00</bdi> &amp; <bdi dir="ltr">10:35</bdi>'


def test_isolated_leaves_other_figures_alone():
    assert isolated("12 of 1:5, 2026") == "12 of 1:5, 2026"

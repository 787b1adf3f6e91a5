package figure

import (
	"strings"
	"testing"
	"unicode/utf8"

	"gonum.org/v1/plot/vg"
)

func TestWithinFits(t *testing.T) {
	for _, s := range []string{"", "x", "a title", strings.Repeat("long words ", 40), strings.Repeat("W", 100_000), "日本語"} {
		for _, room := range []vg.Length{0, 1, 10, 60, 300, 5000} {
			l := letters(s, titleSize).within(room)
			if w := l.width(); w > room*(1+1e-6) {
				t.Errorf("%.20q in %v points takes %v", s, room, w)
			}
			if l.size > titleSize || l.size < smallestLetter {
				t.Errorf("%.20q in %v points has letters of %v", s, room, l.size)
			}
		}
	}
	if l := letters("short", 12).within(500); l.text != "short" || l.size != 12 {
		t.Errorf("a text with room enough became %+v", l)
	}
	if l := letters(strings.Repeat("word ", 100), 12).within(100); !strings.HasSuffix(l.text, "…") || len(l.text) < 20 {
		t.Errorf("a text cut short reads %q", l.text)
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain <&>":      "plain <&>",
		"two\nlines\tab": "two lines ab",
		"nul\x00bel\x07": "nul bel ",
		"bad\xff\xfeend": "bad\ufffdend",
		"\uffff":         "\ufffd",
		"ä日🙂":            "ä日🙂",
	} {
		if got := printable(in); got != want || !utf8.ValidString(got) {
			t.Errorf("printable(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOutlineLiesOnTheBaseline(t *testing.T) {
	l := letters("HE", 100)
	var low, high, right vg.Length
	for _, step := range l.outline() {
		low, high, right = min(low, step.Pos.Y), max(high, step.Pos.Y), max(right, step.Pos.X)
	}
	if low < -0.5 || high < 66 || high > 76 {
		t.Errorf("capitals of 100 points reach from %v to %v", low, high)
	}
	if w := l.width(); right > w || right < 0.85*w {
		t.Errorf("the outline reaches to %v of %v", right, w)
	}
}

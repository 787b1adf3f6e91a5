package lloyd

import (
	"encoding/binary"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/arch/arm64/arm64asm"
)

// wordDefine is an instruction that Go's assembler does not know, as
// neon_arm64.h defines it: #define NAME(m, n, d) WORD $(…) // its text.
var wordDefine = regexp.MustCompile(`^#define (\w+)\(([\w, ]+)\) WORD \$\((.*)\) // (.+)$`)

// operand is a register with a variable number, or a lane, in such a text.
var operand = regexp.MustCompile(`\bV([mnd])\b|\[i\]`)

// TestNEONEncodings decodes every WORD of the assembly for arm64, with all registers
// and lanes, and compares with the text beside it. It runs on every architecture.
func TestNEONEncodings(t *testing.T) {
	files, err := filepath.Glob("*_arm64.[hs]")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for number, line := range strings.Split(string(source), "\n") {
			if !strings.Contains(line, "WORD") {
				continue
			}
			m := wordDefine.FindStringSubmatch(line)
			if m == nil {
				t.Errorf("%s:%d: a WORD outside of a #define of one instruction: %s", file, number+1, line)
				continue
			}
			found++
			t.Run(m[1], func(t *testing.T) { testNEONEncoding(t, strings.Split(m[2], ", "), m[3], m[4]) })
		}
	}
	if found == 0 {
		t.Error("no WORD found; has the form of the definitions changed?")
	}
}

func testNEONEncoding(t *testing.T, params []string, expr, text string) {
	lanes := 1
	switch {
	case strings.Contains(text, ".S[i]"):
		lanes = 4
	case strings.Contains(text, ".D[i]"):
		lanes = 2
	}
	for r := range 32 {
		for lane := range lanes {
			// Different registers, each of them every number once.
			value := map[string]int{"d": r, "n": (r + 11) % 32, "m": (r*3 + 5) % 32, "i": lane}
			used := 0
			want := operand.ReplaceAllStringFunc(text, func(s string) string {
				used++
				if s == "[i]" {
					return fmt.Sprintf("[%d]", lane)
				}
				return "V" + strconv.Itoa(value[s[1:]])
			})
			if used != len(params) {
				t.Fatalf("%d of the %d parameters are in the text %q", used, len(params), text)
			}
			word := evaluate(t, expr, params, value)
			if got := disassemble(t, word); got != want {
				t.Fatalf("%#08x is %s, its comment says %s", word, got, want)
			}
		}
	}
}

// evaluate returns the value of an assembler expression; Go's own has the same
// operators and precedence.
func evaluate(t *testing.T, expr string, params []string, value map[string]int) uint32 {
	t.Helper()
	for _, p := range params {
		expr = regexp.MustCompile(`\b`+p+`\b`).ReplaceAllString(expr, strconv.Itoa(value[p]))
	}
	tv, err := types.Eval(token.NewFileSet(), nil, token.NoPos, expr)
	if err != nil {
		t.Fatal(err)
	}
	word, exact := constant.Uint64Val(tv.Value)
	if !exact || word>>32 != 0 {
		t.Fatalf("%s is %s, not a word", expr, tv.Value)
	}
	return uint32(word)
}

func disassemble(t *testing.T, word uint32) string {
	t.Helper()
	inst, err := arm64asm.Decode(binary.LittleEndian.AppendUint32(nil, word))
	if err != nil {
		t.Fatalf("%#08x: %v", word, err)
	}
	return inst.String()
}

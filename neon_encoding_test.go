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
	case strings.Contains(text, ".S[i]"), strings.Contains(text, ".4B[i]"):
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
	if s := disassembleDot(word); s != "" {
		return s
	}
	inst, err := arm64asm.Decode(binary.LittleEndian.AppendUint32(nil, word))
	if err != nil {
		t.Fatalf("%#08x: %v", word, err)
	}
	return inst.String()
}

// disassembleDot decodes SDOT (by element, of 128 bits), which arm64asm does not know. The
// Arm Architecture Reference Manual (DDI 0487, C7.2) has it as
//
//	0 Q 0 01111 10 L M Rm 1110 H 0 Rn Rd
//
// with Q = 1 for 128 bits, the index H:L and the register M:Rm.
func disassembleDot(word uint32) string {
	bits := fmt.Sprintf("%032b", word)
	if bits[:10] != "0100111110" || bits[16:20] != "1110" || bits[21] != '0' {
		return ""
	}
	number := func(bits string) uint64 {
		n, _ := strconv.ParseUint(bits, 2, 8)
		return n
	}
	return fmt.Sprintf("SDOT V%d.4S, V%d.16B, V%d.4B[%d]", number(bits[27:]), number(bits[22:27]), number(bits[11:16]), number(bits[20:21]+bits[10:11]))
}

// TestDisassembleDot: words as LLVM's assembler (llvm-mc -mattr=+dotprod) encodes them.
func TestDisassembleDot(t *testing.T) {
	for word, want := range map[uint32]string{
		0x4F82E020: "SDOT V0.4S, V1.16B, V2.4B[0]",
		0x4FA6E83F: "SDOT V31.4S, V1.16B, V6.4B[3]",
		0x4FB2E26A: "SDOT V10.4S, V19.16B, V18.4B[1]",
		0x4F9FEBE0: "SDOT V0.4S, V31.16B, V31.4B[2]",
		0x6F82E020: "", // UDOT
		0x0F82E020: "", // of 64 bits
	} {
		if got := disassembleDot(word); got != want {
			t.Errorf("%#08x is %q, want %q", word, got, want)
		}
	}
}

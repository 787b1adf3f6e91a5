package dataset

import (
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	npyMagic = "\x93NUMPY"
	// mostHeader bounds the text of a header; that of a matrix has about 120
	// bytes, and NumPy itself refuses more than 10 000 by default.
	mostHeader = 1 << 16
)

// readNPYHeader reads up to the first byte of the array's data, for format
// versions 1.0, 2.0 and 3.0 (numpy.lib.format, NEP 1).
//
// The parser is our own: npyio v0.9.0 takes a wrong shape, without an error,
// from a header without a comma before its closing brace, panics on other
// orders of the keys, and allocates whatever length a header claims.
func readNPYHeader(r io.Reader) (arrayHeader, error) {
	var h arrayHeader
	if r == nil {
		return h, failure(ErrConfig, "the reader is nil")
	}
	start := make([]byte, 12)
	if n, err := io.ReadFull(r, start[:10]); err != nil {
		if err != io.EOF && err != io.ErrUnexpectedEOF {
			return h, streamError("reading", err)
		}
		return h, failure(ErrFormat, "the NPY input ends after %d bytes, inside the preamble; write it anew with numpy.save", n)
	}
	if string(start[:6]) != npyMagic {
		hint := "a file of numpy.save was expected"
		if string(start[:2]) == "PK" {
			hint = "it is a zip archive, perhaps of numpy.savez: extract one array of it"
		}
		return h, failure(ErrFormat, "the input starts with %q, not with the NPY magic; %s", start[:6], hint)
	}
	length := int64(binary.LittleEndian.Uint16(start[8:]))
	switch start[6] {
	case 1:
	case 2, 3:
		if _, err := io.ReadFull(r, start[10:]); err != nil {
			return h, cutShort(err, "the NPY input ends inside the preamble")
		}
		length = int64(binary.LittleEndian.Uint32(start[8:]))
	default:
		return h, failure(ErrFormat, "the NPY format version is %d.%d; 1.0, 2.0 or 3.0 was expected: write it anew with numpy.save", start[6], start[7])
	}
	if length > mostHeader {
		return h, failure(ErrFormat, "the NPY header claims %d bytes; a matrix needs about 120 and at most %d are read: write it anew with numpy.save", length, mostHeader)
	}
	text := make([]byte, length)
	if n, err := io.ReadFull(r, text); err != nil {
		return h, cutShort(err, fmt.Sprintf("the NPY input ends after %d of %d header bytes", n, length))
	}
	return parseNPYHeader(string(text))
}

// parseNPYHeader reads the Python dictionary of a header: the three keys in any
// order, a comma after the last one or none.
func parseNPYHeader(text string) (arrayHeader, error) {
	h := arrayHeader{format: "NPY"}
	seen := map[string]bool{}
	p := literal{rest: text}
	if !p.take("{") {
		return h, p.wrong("the opening brace")
	}
	for !p.take("}") {
		key, ok := p.text()
		if !ok {
			return h, p.wrong("a key in quotes")
		}
		if seen[key] {
			return h, failure(ErrFormat, "the NPY header has %s twice; write the file anew with numpy.save", shorten(key))
		}
		seen[key] = true
		if !p.take(":") {
			return h, p.wrong("a colon after a key")
		}
		switch key {
		case "descr":
			descr, ok := p.text()
			if !ok {
				if p.take("[") || p.take("(") {
					return h, failure(ErrDtype, "the NPY array is structured (records with named fields); a plain numeric array was expected: save one field, or numpy.lib.recfunctions.structured_to_unstructured(a)")
				}
				return h, p.wrong("a dtype in quotes")
			}
			elem, err := parseDescr(descr)
			if err != nil {
				return h, err
			}
			h.elem = elem
		case "fortran_order":
			if h.fortran = p.take("True"); !h.fortran && !p.take("False") {
				return h, p.wrong("True or False")
			}
		case "shape":
			shape, ok := p.tuple()
			if !ok {
				return h, p.wrong("a tuple of lengths")
			}
			h.shape = shape
		default:
			return h, failure(ErrFormat, "the NPY header has the unknown key %s; descr, fortran_order and shape were expected", shorten(key))
		}
		if !p.take(",") && !strings.HasPrefix(p.rest, "}") {
			return h, p.wrong("a comma or the closing brace")
		}
	}
	if len(seen) != 3 {
		return h, failure(ErrFormat, "the NPY header %s lacks one of descr, fortran_order, shape; write the file anew with numpy.save", shorten(text))
	}
	if strings.Trim(p.rest, " \n\x00") != "" {
		return h, p.wrong("nothing after the closing brace")
	}
	count := 1
	for _, n := range h.shape {
		if n > 0 && count > mostElements/n {
			return h, failure(ErrShape, "the NPY header claims shape %v; at most %d elements are read", h.shape, mostElements)
		}
		count *= max(n, 1)
	}
	return h, nil
}

// parseDescr reads a dtype such as "<f4".
func parseDescr(descr string) (element, error) {
	e := element{order: binary.LittleEndian}
	short := descr
	if short != "" && strings.IndexByte("<>|=", short[0]) >= 0 {
		switch short[0] {
		case '>':
			e.order = binary.BigEndian
		case '=': // the writer's own order; numpy.save never writes it
			e.order = binary.NativeEndian
		}
		short = short[1:]
	}
	switch short {
	case "b1", "?":
		e.kind, e.size = 'b', 1
	case "f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8":
		e.kind, e.size = short[0], int(short[1]-'0')
	default:
		return e, failure(ErrDtype, "the NPY array has dtype %s (%s); float16, float32, float64, an integer or bool was expected: convert it with a.astype('float32')", shorten(descr), descrKind(short))
	}
	return e, nil
}

// descrKind says in words what NumPy's kind letter means.
func descrKind(short string) string {
	if short == "" {
		return "none"
	}
	switch short[0] {
	case 'c':
		return "complex numbers"
	case 'O':
		return "Python objects"
	case 'U', 'S', 'a':
		return "text"
	case 'M', 'm':
		return "times"
	case 'V':
		return "raw bytes"
	case 'f', 'g':
		return "extended precision"
	}
	return "not a number type"
}

// literal reads the few Python literals of a header, skipping blanks.
type literal struct{ rest string }

func (p *literal) take(token string) bool {
	p.rest = strings.TrimLeft(p.rest, " \t\n")
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = strings.TrimLeft(rest, " \t\n")
	}
	return ok
}

// text reads a string in single or double quotes, without escapes.
func (p *literal) text() (string, bool) {
	for _, quote := range []string{"'", `"`} {
		if strings.HasPrefix(p.rest, quote) {
			inside, rest, ok := strings.Cut(p.rest[1:], quote)
			if !ok {
				return "", false
			}
			p.rest = rest
			return inside, true
		}
	}
	return "", false
}

// tuple reads non-negative integers in parentheses; an L after one (written by
// Python 2) is allowed.
func (p *literal) tuple() ([]int, bool) {
	if !p.take("(") {
		return nil, false
	}
	numbers := []int{}
	for !p.take(")") {
		digits := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
		v, err := strconv.ParseInt(p.rest[:digits], 10, strconv.IntSize)
		if err != nil {
			return nil, false
		}
		numbers = append(numbers, int(v))
		p.rest = p.rest[digits:]
		p.take("L")
		if !p.take(",") && !strings.HasPrefix(p.rest, ")") {
			return nil, false
		}
	}
	return numbers, true
}

func (p *literal) wrong(expected string) error {
	return failure(ErrFormat, "the NPY header is broken at %s: %s was expected; write the file anew with numpy.save", shorten(p.rest), expected)
}

// npyHeaderText is the preamble and header that numpy.save writes, version
// 1.0, padded so that the data starts at a multiple of 64 bytes.
func npyHeaderText(descr, shape string) []byte {
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, shape)
	const preamble, align = 10, 64
	padding := (align - (preamble+len(text)+1)%align) % align
	text += strings.Repeat(" ", padding) + "\n"
	out := append([]byte(npyMagic), 1, 0)
	out = binary.LittleEndian.AppendUint16(out, uint16(len(text)))
	return append(out, text...)
}

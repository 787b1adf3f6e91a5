package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"github.com/seed-fbf9ce71/lloyd/cluster"
)

// storedModel is what a model file of lloyd fit holds: a model, and how rows are
// brought to its units before.
type storedModel struct {
	model   *cluster.Model
	scaling *scaling // nil: not at all
}

// A scaling comes before the model in its file, which is a file of package cluster
// otherwise. All numbers are little-endian.
//
//	bytes    content
//	8        89 53 43 41 4C 45 0D 0A: 0x89 "SCALE" CR LF
//	4        version, 1
//	4        D, the number of columns
//	D·8      means, float64
//	D·8      deviations, float64
//	4        CRC-32C (Castagnoli) of everything before it
const (
	scalingMagic   = "\x89SCALE\r\n"
	scalingVersion = 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// save writes the file.
func (m storedModel) save(w io.Writer) error {
	if s := m.scaling; s != nil {
		b := []byte(scalingMagic)
		b = binary.LittleEndian.AppendUint32(b, scalingVersion)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(s.mean)))
		for _, numbers := range [][]float64{s.mean, s.deviation} {
			b, _ = binary.Append(b, binary.LittleEndian, numbers) // numbers can always be appended
		}
		b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return m.model.Save(w)
}

// readModel loads the model file at path.
func readModel(path string) (storedModel, error) {
	f, err := os.Open(path)
	if err != nil {
		return storedModel{}, fmt.Errorf("the model cannot be opened: %w", err)
	}
	defer f.Close()
	m, err := loadModel(bufio.NewReader(f))
	if err != nil {
		return storedModel{}, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

func loadModel(r *bufio.Reader) (m storedModel, err error) {
	if start, _ := r.Peek(len(scalingMagic)); string(start) == scalingMagic {
		if m.scaling, err = loadScaling(r); err != nil {
			return m, err
		}
	}
	if m.model, err = cluster.Load(r); err != nil {
		return m, err
	}
	if m.scaling != nil && len(m.scaling.mean) != m.model.D() {
		return m, fmt.Errorf("%w: it scales %s and has centers of %d; the file is damaged", cluster.ErrModel, counted(len(m.scaling.mean), "column"), m.model.D())
	}
	return m, nil
}

func loadScaling(r io.Reader) (*scaling, error) {
	short := func(err error) error {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("%w: it ends within the scaling of the columns; the file is incomplete", cluster.ErrModel)
		}
		return err
	}
	sum := crc32.New(castagnoli)
	in := io.TeeReader(r, sum)
	var start [16]byte
	if _, err := io.ReadFull(in, start[:]); err != nil {
		return nil, short(err)
	}
	version, d := binary.LittleEndian.Uint32(start[8:]), int(binary.LittleEndian.Uint32(start[12:]))
	if version != scalingVersion {
		return nil, fmt.Errorf("%w: its scaling has version %d; this program reads version %d", cluster.ErrModel, version, scalingVersion)
	}
	// The memory grows with what is there, not with what the file claims.
	var numbers bytes.Buffer
	if _, err := io.CopyN(&numbers, in, 16*int64(d)); err != nil {
		return nil, short(err)
	}
	computed := sum.Sum32()
	var stored [4]byte
	if _, err := io.ReadFull(r, stored[:]); err != nil {
		return nil, short(err)
	}
	if binary.LittleEndian.Uint32(stored[:]) != computed {
		return nil, fmt.Errorf("%w: the checksum of its scaling is not that of the content; the file is damaged", cluster.ErrModel)
	}
	s := &scaling{make([]float64, d), make([]float64, d)}
	for _, into := range [][]float64{s.mean, s.deviation} {
		if err := binary.Read(&numbers, binary.LittleEndian, into); err != nil {
			return nil, err
		}
	}
	return s, nil
}

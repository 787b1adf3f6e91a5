package kernel

// Method is how the nearest-center kernel finds the nearest center of a row.
type Method uint8

const (
	// Direct computes every distance from differences, Σ(x−c)².
	Direct Method = iota
	// Filter ranks the centers by ½‖c‖² − x·c, one multiply-add for each
	// element, proves with a rounding bound which rows are settled by it, and
	// computes the distances of the others directly.
	Filter
)

// String returns the method's name.
func (m Method) String() string {
	if m == Filter {
		return "filter"
	}
	return "direct"
}

// Plan says how the nearest-center kernel tiles its work. Rows are taken
// RowTile at a time and laid across the vector lanes, D deep (a panel); centers
// are taken CenterTile at a time, broadcast one by one (a group). The register
// tile is RowTile × CenterTile accumulators.
//
// Around it the loops go, from the outside in, over blocks of rows (Panels of
// them), blocks of centers (Block groups), runs of columns (Chunk), the panels
// and the groups, as in Goto and van de Geijn, "Anatomy of high-performance
// matrix multiplication" (2008): a run of a panel stays in the first-level cache
// while the groups of the block pass by, and these stay in the second-level cache
// for all panels.
type Plan struct {
	Method     Method
	RowTile    int // rows in a panel
	CenterTile int // centers in a full group
	Groups     int // groups of centers: the first Large have CenterTile centers, the others one less
	Large      int
	Depth      int // D rounded up to DepthUnit; panels and groups are zero-padded to it
	Chunk      int // columns in a run: longer rows are summed run by run
	Panels     int // panels in a block of rows: more than one if there are several blocks of centers
	Block      int // groups in a block of centers
}

// Sizes of what is meant to stay in a cache while it is used again and again.
const (
	centerBytes = 96 << 10 // a run of a block of centers: second level
	panels      = 4        // for each of which such a block is read from there
)

// DepthUnit is what a panel's and a group's number of columns is rounded up to:
// the inner loops are unrolled by it.
const DepthUnit = 2

// tile is a row of the table below.
type tile struct {
	rowBytes   int // bytes of one panel column: RowTile × element size
	centerTile int // most centers in a group: what the register file holds
	chunk      int // columns in a run: a panel of them takes half of the first-level cache
	directMax  int // D up to which the direct method is faster

	// K from which ranking by 16-bit integers first is faster, for float32 and for
	// float64, and the columns that this takes; 0: never.
	quantizedK, quantizedK64, quantizedD int

	// K from which they are faster with rows whose integers are kept, of either type.
	keptK int

	// K·(D − coarseFrom) from which ranking by 8-bit integers first is faster, but for the
	// columns of the distances that they leave (coarseColumn); coarseSaves 0: there are no such
	// routines.
	coarseSaves, coarseFrom int
}

// The tilings, by level. rowBytes × centerTile / register width accumulators:
// 12 of 16 registers for avx2, 24 of 32 for avx512 and neon.
//
// quantizedK and coarseSaves are measured (bench/NOTES.md) but for neondot, which has those of
// avx2. Two columns of 32 rows and a center take 4 multiply-adds in float32 and 8 in float64.
// In 16-bit integers they take 4 instructions at avx512 (2 products, 2 sums), which saves
// nothing against float32 and half against float64; at avx512vnni they take 2. In 8-bit
// integers they take 2 and 1; what comes first without these is float32 or 16-bit integers.
var tiles = [...]tile{
	Generic:    {rowBytes: 64, centerTile: 6, chunk: 256, directMax: 1 << 30},
	AVX2:       {rowBytes: 64, centerTile: 6, chunk: 256, directMax: 4, quantizedK: 48, quantizedK64: 24, quantizedD: 32, keptK: 8, coarseSaves: 11000},
	AVX512:     {rowBytes: 128, centerTile: 12, chunk: 128, directMax: 4, quantizedK64: 24, quantizedD: 32, coarseSaves: 30000, coarseFrom: 24},
	AVX512VNNI: {rowBytes: 128, centerTile: 12, chunk: 128, directMax: 4, quantizedK: 40, quantizedK64: 24, quantizedD: 8, keptK: 8, coarseSaves: 36000, coarseFrom: 80},
	NEON:       {rowBytes: 64, centerTile: 6, chunk: 256, directMax: 4},
	NEONDot:    {rowBytes: 64, centerTile: 6, chunk: 256, directMax: 4, coarseSaves: 11000},
}

// PlanFor returns the plan for K = k centers with D = d columns of elemSize
// bytes (4 or 8) at the given level.
func PlanFor(l Level, elemSize, k, d int) Plan {
	t := tiles[l]
	p := Plan{
		RowTile: t.rowBytes / elemSize,
		Depth:   (d + DepthUnit - 1) / DepthUnit * DepthUnit,
		Chunk:   t.chunk,
		Panels:  1,
	}
	if d > t.directMax {
		p.Method = Filter
	}
	// As few groups as the tile allows, of sizes that differ by one at most:
	// K = 10 is 5+5 rather than 6+4, and no group is padded.
	p.Groups = (k + t.centerTile - 1) / t.centerTile
	if p.Groups > 0 {
		p.CenterTile = (k + p.Groups - 1) / p.Groups
		p.Large = k - (p.CenterTile-1)*p.Groups
		run := min(p.Chunk, p.Depth) * elemSize
		p.Block = min(p.Groups, max(1, centerBytes/max(1, p.CenterTile*run)))
		if p.Block < p.Groups {
			p.Panels = panels
		}
	}
	return p
}

// QuantizedPlanFor returns the plan for ranking K = k centers with D = d columns of
// elemSize bytes by 16-bit integers first (package lloyd, quantized.go), and whether
// that is faster than ranking them in floating point at once. Its columns are pairs of
// columns of the data. Without groups, that level has no such routines, or the shape is too
// small or too large for them.
func QuantizedPlanFor(l Level, elemSize, k, d int) (p Plan, faster bool) {
	t := &tiles[l]
	least := t.quantizedK
	if elemSize == 8 {
		least = t.quantizedK64
	}
	faster = least > 0 && k >= least
	if !faster && (t.keptK == 0 || k < t.keptK) || d < t.quantizedD || d > quantizedMost {
		return Plan{}, false
	}
	return PlanFor(l, 4, k, (d+1)/2), faster
}

// KeptRowsFaster reports whether integers that are kept of rows (QuantizedRows of package
// lloyd) are faster than ranking anew, in floating point or by integers, for K = k centers
// with D = d columns of elemSize bytes.
func KeptRowsFaster(l Level, elemSize, k, d int) bool {
	p, _ := QuantizedPlanFor(l, elemSize, k, d)
	_, coarse := CoarsePlanFor(l, elemSize, k, d)
	least := tiles[l].keptK
	return p.Groups > 0 && least > 0 && k >= least && !coarse
}

// CoarsePlanFor returns the plan for ranking K = k centers with D = d columns of elemSize
// bytes by 8-bit integers first (package lloyd, coarse.go), and whether that is faster
// than by 16-bit ones or in floating point. Its columns are quads of columns of the data;
// those of a panel stay in the second-level cache. Without groups, that level has no such
// routines, or the shape is too small or too large for them.
func CoarsePlanFor(l Level, elemSize, k, d int) (p Plan, faster bool) {
	t := &tiles[l]
	if t.coarseSaves == 0 || k < coarseK || d < coarseD || d > quantizedMost {
		return Plan{}, false
	}
	p = PlanFor(l, 4, k, (d+3)/4)
	p.Block = min(p.Groups, max(1, centerBytes/(4*p.CenterTile*p.Depth)))
	p.Panels = max(1, min(panels, coarseScores/(2*k*p.RowTile)))
	return p, d >= coarseColumns && k*(d-t.coarseFrom) >= t.coarseSaves+coarseColumn*d
}

// CoarseListsFaster reports whether it is faster to list pairs of rows and K = k centers with D
// = d columns by 8-bit integers (Centers.Candidates of package lloyd) than in floating point: no
// row needs a distance for that, and there are no 16-bit integers to beat.
func CoarseListsFaster(l Level, k, d int) bool {
	p, _ := CoarsePlanFor(l, 4, k, d)
	return p.Groups > 0 && d >= coarseColumns && k*d >= coarseLists
}

// Where 8-bit integers are faster, what they save, 0.0065 ns a product at avx2, 0.0025 at
// avx512 and 0.0015 at avx512vnni, where 16-bit integers are fast, must be worth the distances
// that they take, two or so, of 14 + 0.05·D ns each, and 40 ns. coarseScores is the size of
// the scores of a block of rows, in bytes.
const (
	coarseK, coarseD = 32, 8
	coarseColumn     = 18
	coarseScores     = 1 << 20
	coarseLists      = 8000
	coarseColumns    = 32 // with fewer, ranking takes as long as the products
)

// quantizedMost is the largest D for which its bounds are proven.
const quantizedMost = 1 << 14

// MaxMultiplyAdds bounds the work of one call of an assembly routine: assembly
// cannot be preempted, so that the garbage collector waits for it. 4 M
// multiply-adds are about 100 µs.
const MaxMultiplyAdds = 4 << 20

//go:build !purego

#include "textflag.h"
#include "neon_arm64.h"

// The kernels on tiles (tiles.go). Operands, and the use of registers, are those of
// kernel_arm64.s: 64 bytes are four vector registers, called quarters below.

// ---- tiles and listed centers ----
//
// The distances of the rows of listed tiles to a listed center each, in the lane order of
// squaredL2 (see kernel_arm64.s), and what follows from them: nearer centers, and the least
// difference to the reference distances. A tile is 64 bytes of each column, a row to a lane,
// so that a partial sum of the canonical order is four registers here, and they are
// taken in the order in which they are added up: 0, 8, 4, 12, 2, … of 16.
//
//	R0  tiles    R1  centers    R2  bytes of a tile    R3  from center to center
//	R4  bytes of a center       R5  best    R6  labels    R7  ref
//	R8  gaps     R9  took       R10 tiles' numbers     R11 centers' numbers
//	R12 pairs left              R13 64·lanes: bytes of a tile from term to term of a partial sum
//	R14 64       R15 tile       R16 center  R17 end of the tile
//	R19 column of the tile      R20 element of the center
//	R21 number of the tile, then 64 times it: offset of its distances and references
//	R22 number of the center    R23, R24 temporaries
//	V0…V3 column of the tile    V4…V7 terms     V8…V11 second partial sum of two
//	V12 element, then number of the center      V13 scale    V14 bits of the rows
//	V16…V31 sums of the tree; V16…V19 distances at the end; F16…F20 terms of a bound

#define call_data    0
#define call_centers 8
#define call_tile    16
#define call_ld      24
#define call_bytes   32
#define call_best    40
#define call_labels  48
#define call_ref     56
#define call_gaps    64
#define call_took    72
#define call_tiles   80
#define call_idx     88
#define call_n       96
#define call_scale   104
#define call_bounds  112
#define call_base    120
#define call_drifts  128

// The column at R19 and the element at R20, as squared differences in numbers a0…a3; then
// the next ones are at R19 and R20.
#define TERMS(a0, a1, a2, a3) \
	VLD1.P (R19)(R13), [V0.LANES, V1.LANES, V2.LANES, V3.LANES]; \
	VLD1R.P (R20)(R14), [V12.LANES]; \
	FSUB(0, 12, a0);              \
	FSUB(1, 12, a1);              \
	FSUB(2, 12, a2);              \
	FSUB(3, 12, a3);              \
	FMUL(a0, a0, a0);             \
	FMUL(a1, a1, a1);             \
	FMUL(a2, a2, a2);             \
	FMUL(a3, a3, a3)

// Adds four quarters in number b and on to those in number a and on.
#define PLUS(b, a) \
	FADD(b, a, a);                \
	FADD(b+1, a+1, a+1);          \
	FADD(b+2, a+2, a+2);          \
	FADD(b+3, a+3, a+3)

// Partial sum j to the quarters in number a and on: columns j, j+lanes, j+2·lanes…
#define LEAF(j, a, more, done) \
	ADD  $((j)*64), R15, R19;     \
	ADD  $((j)*ES), R16, R20;     \
	TERMS(a, a+1, a+2, a+3);      \
	CMP  R17, R19;                \
	BHS  done;                    \
more: \
	TERMS(4, 5, 6, 7);            \
	PLUS(4, a);                   \
	CMP  R17, R19;                \
	BLO  more;                    \
done:

// Partial sums j and j + half of them, added up, to the quarters in number a and on.
#define TWO(j, a, more, done, more2, done2) \
	LEAF(j, a, more, done)        \
	LEAF(j+32/ES, 8, more2, done2) \
	PLUS(8, a)

// The distances of fewer columns than lanes, one after the other: R13 and R14, which these
// do not need otherwise, are from column to column.
#define FEW(column, done) \
	MOVD R15, R19;                \
	MOVD R16, R20;                \
	VEOR V16.B16, V16.B16, V16.B16; \
	VEOR V17.B16, V17.B16, V17.B16; \
	VEOR V18.B16, V18.B16, V18.B16; \
	VEOR V19.B16, V19.B16, V19.B16; \
	CBZ  R4, done;                \
	MOVD $64, R13;                \
	MOVD $ES, R14;                \
column: \
	TERMS(4, 5, 6, 7);            \
	PLUS(4, 16);                  \
	CMP  R17, R19;                \
	BLO  column

#define ARGUMENTS \
	MOVD call+0(FP), R23;         \
	ADD  $call_scale, R23, R24;   \
	VLD1R (R24), [V13.LANES];     \
	MOVD call_data(R23), R0;      \
	MOVD call_centers(R23), R1;   \
	MOVD call_tile(R23), R2;      \
	MOVD call_ld(R23), R3;        \
	MOVD call_bytes(R23), R4;     \
	MOVD call_best(R23), R5;      \
	MOVD call_labels(R23), R6;    \
	MOVD call_ref(R23), R7;       \
	MOVD call_gaps(R23), R8;      \
	MOVD call_took(R23), R9;      \
	MOVD call_tiles(R23), R10;    \
	MOVD call_idx(R23), R11;      \
	MOVD call_n(R23), R12;        \
	MOVD $(64*64/ES), R13;        \
	MOVD $64, R14;                \
	MOVD $0x8040201008040201, R24; \
	VDUP R24, V14.D2

// The addresses of a pair.
#define PAIR \
	MOVW.P 4(R10), R21;           \
	MOVW.P 4(R11), R22;           \
	MADD R21, R0, R2, R15;        \ // R15 = R0 + R21·R2
	MADD R22, R1, R3, R16;        \
	ADD  R2, R15, R17;            \
	LSL  $6, R21, R21

// The quarter of distances in number s against the best ones in number b: the rows that are
// nearer in number n, those as near in number e.
#define CLOSER(s, b, n, e) \
	FCMGT(s, b, n);               \ // best > distance, false for NaN
	FCMEQ(s, b, e)

// To the nearer rows in Vn those as near, in Ve, whose labels, in number l, are above the
// number of the center. t is the number of a temporary, Vt.
#define TIES(l, t, Ve, Vt, Vn) \
	CMGT4S(12, l, t);             \
	VAND Vt.B16, Ve.B16, Ve.B16;  \
	VORR Ve.B16, Vn.B16, Vn.B16

// The bits of the rows whose byte in V22 is not 0 to took and to R23: added up, pairs by
// pairs, until the element SUMS has them all.
#define TOOK(SUMS) \
	VAND V14.B16, V22.B16, V22.B16;  \
	VADDP V22.B16, V22.B16, V22.B16; \
	VADDP V22.B16, V22.B16, V22.B16; \
	VADDP V22.B16, V22.B16, V22.B16; \
	VMOV SUMS, R23;               \
	MOVW.P R23, 4(R9)

// The roots of V16…V19.
#define ROOTS \
	FSQRT(16, 16);                \
	FSQRT(17, 17);                \
	FSQRT(18, 18);                \
	FSQRT(19, 19)

// V16…V19 times the quarter in number m to those in number a and on.
#define TIMES(m, a) \
	FMUL(m, 16, a);               \
	FMUL(m, 17, a+1);             \
	FMUL(m, 18, a+2);             \
	FMUL(m, 19, a+3)

// V16…V19 less the references at R24.
#define LESS \
	VLD1 (R24), [V0.LANES, V1.LANES, V2.LANES, V3.LANES]; \
	FSUB(0, 16, 16);              \
	FSUB(1, 17, 17);              \
	FSUB(2, 18, 18);              \
	FSUB(3, 19, 19)

// The least (or largest) of V16…V19 in each lane of V16.
#define ALL(MOST) \
	MOST(17, 16, 16);             \
	MOST(19, 18, 18);             \
	MOST(18, 16, 16);             \
	VEXT $8, V16.B16, V16.B16, V17.B16; \
	MOST(17, 16, 16)
#define ALL32(MOST) \
	ALL(MOST);                    \
	VEXT $4, V16.B16, V16.B16, V17.B16; \
	MOST(17, 16, 16)

// The byte of a bound (see tileBound in tiles.go) from the gap in F16, a float32. What is
// negative or NaN becomes 0 when it becomes an integer.
#define BOUND(next) \
	MOVD call+0(FP), R23;         \
	MOVD call_bounds(R23), R19;   \
	CBZ  R19, next;               \
	MOVD call_base(R23), R20;     \
	MOVD call_drifts(R23), R24;   \
	LSR  $6, R21, R21;            \
	FMOVS (R20)(R21<<2), F17;     \
	FMOVS (R24)(R22<<2), F18;     \
	MOVD $0x35800000, R23;        \ // 2⁻²⁰
	FMOVS R23, F19;               \
	FADDS F17, F16, F20;          \
	FADDS F18, F20, F20;          \
	FABSS F16, F16;               \
	FABSS F17, F17;               \
	FABSS F18, F18;               \
	FADDS F17, F16, F16;          \
	FADDS F18, F16, F16;          \
	FMULS F19, F16, F16;          \
	FSUBS F16, F20, F20;          \
	FCVTZUSW F20, R23;            \
	MOVD $254, R24;               \
	CMPW R24, R23;                \
	CSEL LO, R23, R24, R23;       \
	ADD  R22<<5, R21, R21;        \
	MOVB R23, (R19)(R21);         \
next:

// √best·up − ref of the rows of each tile, the largest of them to out, and √best·scale, which
// becomes ref, the largest of these to far (see rebase). up is in V13, scale in V12.
#define REBASE(ALL, STORE, tile) \
	VDUP V13.LANE, V13.LANES;     \
	VDUP V12.LANE, V12.LANES;     \
	MOVD out+0(FP), R0;           \
	MOVD far+8(FP), R1;           \
	MOVD best+16(FP), R2;         \
	MOVD ref+24(FP), R3;          \
	MOVD tiles+32(FP), R4;        \
	MOVD n+40(FP), R5;            \
tile: \
	MOVW.P 4(R4), R6;             \
	LSL  $6, R6, R6;              \
	ADD  R6, R2, R7;              \
	ADD  R6, R3, R24;             \
	VLD1 (R7), [V16.LANES, V17.LANES, V18.LANES, V19.LANES]; \
	ROOTS;                        \
	TIMES(12, 4);                 \
	TIMES(13, 16);                \
	LESS;                         \
	VST1 [V4.LANES, V5.LANES, V6.LANES, V7.LANES], (R24); \
	ALL(FMAX);                    \
	STORE F16, ES(R0);            \
	VMOV V4.B16, V16.B16;         \
	VMOV V5.B16, V17.B16;         \
	VMOV V6.B16, V18.B16;         \
	VMOV V7.B16, V19.B16;         \
	ALL(FMAX);                    \
	STORE F16, ES(R1);            \
	SUBS $1, R5;                  \
	BNE  tile;                    \
	RET

// ---- float32 ----

#define FADD(m, n, d) FADD4S(m, n, d)
#define FSUB(m, n, d) FSUB4S(m, n, d)
#define FMUL(m, n, d) FMUL4S(m, n, d)
#define FMAX(m, n, d) FMAX4S(m, n, d)
#define FMIN(m, n, d) FMIN4S(m, n, d)
#define FCMGT(m, n, d) FCMGT4S(m, n, d)
#define FCMEQ(m, n, d) FCMEQ4S(m, n, d)
#define FSQRT(n, d) FSQRT4S(n, d)
#define LANES S4
#define LANE S[0]
#define ES 4

// func tilesF32NEON(call unsafe.Pointer)
TEXT ·tilesF32NEON(SB), NOSPLIT, $0-8
	ARGUMENTS

pair:
	PAIR
	CMP $64, R4
	BLT few

	// The tree of 16 partial sums: even ones, odd ones, both.
	TWO(0, 16, a0, b0, a8, b8)
	TWO(4, 20, a4, b4, a12, b12)
	PLUS(20, 16)
	TWO(2, 20, a2, b2, a10, b10)
	TWO(6, 24, a6, b6, a14, b14)
	PLUS(24, 20)
	PLUS(20, 16)
	TWO(1, 20, a1, b1, a9, b9)
	TWO(5, 24, a5, b5, a13, b13)
	PLUS(24, 20)
	TWO(3, 24, a3, b3, a11, b11)
	TWO(7, 28, a7, b7, a15, b15)
	PLUS(28, 24)
	PLUS(24, 20)
	PLUS(20, 16)
	JMP nearer

few:
	FEW(column, nearer)

nearer:
	// Nearer, or as near and of a lower number: V20…V23.
	ADD  R21, R5, R19
	ADD  R21, R6, R20
	ADD  R21, R7, R24
	VDUP R22, V12.S4
	VLD1 (R19), [V0.S4, V1.S4, V2.S4, V3.S4]
	VLD1 (R20), [V4.S4, V5.S4, V6.S4, V7.S4]
	CLOSER(16, 0, 20, 24)
	CLOSER(17, 1, 21, 25)
	CLOSER(18, 2, 22, 26)
	CLOSER(19, 3, 23, 27)
	TIES(4, 28, V24, V28, V20)
	TIES(5, 29, V25, V29, V21)
	TIES(6, 30, V26, V30, V22)
	TIES(7, 31, V27, V31, V23)
	VBIT V20.B16, V16.B16, V0.B16
	VBIT V21.B16, V17.B16, V1.B16
	VBIT V22.B16, V18.B16, V2.B16
	VBIT V23.B16, V19.B16, V3.B16
	VBIT V20.B16, V12.B16, V4.B16
	VBIT V21.B16, V12.B16, V5.B16
	VBIT V22.B16, V12.B16, V6.B16
	VBIT V23.B16, V12.B16, V7.B16
	VUZP1 V21.H8, V20.H8, V20.H8 // 16, then 8 bits of each row
	VUZP1 V23.H8, V22.H8, V22.H8
	VUZP1 V22.B16, V20.B16, V22.B16
	TOOK(V22.H[0])
	CBZ  R23, gap
	VST1 [V0.S4, V1.S4, V2.S4, V3.S4], (R19)
	VST1 [V4.S4, V5.S4, V6.S4, V7.S4], (R20)

gap:
	ROOTS
	TIMES(13, 16)
	LESS
	ALL32(FMIN)
	FMOVS.P F16, 4(R8)
	BOUND(next)

	SUBS $1, R12
	BNE  pair
	RET

// ---- rebase ----
//
// out[i] is the largest √best·up − ref of the rows of tile tiles[i], whose references then
// become √best·scale, and far[i] the largest of these.
//
//	R0  out    R1  far    R2  best    R3  ref    R4  tiles    R5  tiles left
//	R6  offset of a tile  R7  its best    R24 its ref
//	V0…V3 ref    V4…V7 new ref    V12 scale    V13 up    V16…V19 best, then what is the largest of them

// func rebaseF32NEON(out, far, best, ref, tiles unsafe.Pointer, n int, up, scale float32)
TEXT ·rebaseF32NEON(SB), NOSPLIT, $0-56
	FMOVS up+48(FP), F13
	FMOVS scale+52(FP), F12
	REBASE(ALL32, FMOVS.P, tile)

#undef FADD
#undef FSUB
#undef FMUL
#undef FMAX
#undef FMIN
#undef FCMGT
#undef FCMEQ
#undef FSQRT
#undef LANES
#undef LANE
#undef ES

// ---- float64 ----

#define FADD(m, n, d) FADD2D(m, n, d)
#define FSUB(m, n, d) FSUB2D(m, n, d)
#define FMUL(m, n, d) FMUL2D(m, n, d)
#define FMAX(m, n, d) FMAX2D(m, n, d)
#define FMIN(m, n, d) FMIN2D(m, n, d)
#define FCMGT(m, n, d) FCMGT2D(m, n, d)
#define FCMEQ(m, n, d) FCMEQ2D(m, n, d)
#define FSQRT(n, d) FSQRT2D(n, d)
#define LANES D2
#define LANE D[0]
#define ES 8

// func tilesF64NEON(call unsafe.Pointer)
TEXT ·tilesF64NEON(SB), NOSPLIT, $0-8
	ARGUMENTS

pair:
	PAIR
	CMP $64, R4
	BLT few

	// The tree of 8 partial sums.
	TWO(0, 16, a0, b0, a4, b4)
	TWO(2, 20, a2, b2, a6, b6)
	PLUS(20, 16)
	TWO(1, 20, a1, b1, a5, b5)
	TWO(3, 24, a3, b3, a7, b7)
	PLUS(24, 20)
	PLUS(20, 16)
	JMP nearer

few:
	FEW(column, nearer)

nearer:
	// As in float32, with 32 bits of each row, in V20 and V21, where labels are compared.
	ADD  R21, R5, R19
	ADD  R21>>1, R6, R20
	ADD  R21, R7, R24
	VDUP R22, V12.S4
	VLD1 (R19), [V0.D2, V1.D2, V2.D2, V3.D2]
	VLD1 (R20), [V4.S4, V5.S4]
	CLOSER(16, 0, 20, 24)
	CLOSER(17, 1, 21, 25)
	CLOSER(18, 2, 22, 26)
	CLOSER(19, 3, 23, 27)
	VUZP1 V21.S4, V20.S4, V20.S4
	VUZP1 V23.S4, V22.S4, V21.S4
	VUZP1 V25.S4, V24.S4, V24.S4
	VUZP1 V27.S4, V26.S4, V25.S4
	TIES(4, 28, V24, V28, V20)
	TIES(5, 29, V25, V29, V21)
	VBIT V20.B16, V12.B16, V4.B16
	VBIT V21.B16, V12.B16, V5.B16
	VZIP1 V20.S4, V20.S4, V24.S4 // 64 bits
	VZIP2 V20.S4, V20.S4, V25.S4
	VZIP1 V21.S4, V21.S4, V26.S4
	VZIP2 V21.S4, V21.S4, V27.S4
	VBIT V24.B16, V16.B16, V0.B16
	VBIT V25.B16, V17.B16, V1.B16
	VBIT V26.B16, V18.B16, V2.B16
	VBIT V27.B16, V19.B16, V3.B16
	VUZP1 V21.H8, V20.H8, V22.H8 // 16, then 8 bits of each row, twice
	VUZP1 V22.B16, V22.B16, V22.B16
	TOOK(V22.B[0])
	CBZ  R23, gap
	VST1 [V0.D2, V1.D2, V2.D2, V3.D2], (R19)
	VST1 [V4.S4, V5.S4], (R20)

gap:
	ROOTS
	TIMES(13, 16)
	LESS
	ALL(FMIN)
	FMOVD.P F16, 8(R8)
	FCVTDS  F16, F16
	BOUND(next)

	SUBS $1, R12
	BNE  pair
	RET

// func rebaseF64NEON(out, far, best, ref, tiles unsafe.Pointer, n int, up, scale float64)
TEXT ·rebaseF64NEON(SB), NOSPLIT, $0-64
	FMOVD up+48(FP), F13
	FMOVD scale+56(FP), F12
	REBASE(ALL, FMOVD.P, tile)

// ---- least bytes of tiles ----
//
// The least byte of each 16 (two tiles of float32) or 8 (four of float64) of 32 rows, for k
// centers, 32 bytes apart in both.
//
//	R0  dst    R1  src    R2  centers left    R3 two bytes
//	V0, V1 bytes of the rows, then least ones of pairs, of four, …

// The least of each 8 bytes at R1 to the first four of V0.
#define EIGHTS \
	VLD1.P 32(R1), [V0.B16, V1.B16]; \
	UMINP16B(1, 0, 0);            \
	UMINP16B(0, 0, 0);            \
	UMINP16B(0, 0, 0)

// func leastF32NEON(dst, src unsafe.Pointer, k int)
TEXT ·leastF32NEON(SB), NOSPLIT, $0-24
	MOVD dst+0(FP), R0
	MOVD src+8(FP), R1
	MOVD k+16(FP), R2

center:
	EIGHTS
	UMINP16B(0, 0, 0)
	VMOV V0.H[0], R3
	MOVH R3, (R0)
	ADD  $32, R0
	SUBS $1, R2
	BNE  center
	RET

// func leastF64NEON(dst, src unsafe.Pointer, k int)
TEXT ·leastF64NEON(SB), NOSPLIT, $0-24
	MOVD dst+0(FP), R0
	MOVD src+8(FP), R1
	MOVD k+16(FP), R2

center:
	EIGHTS
	FMOVS F0, (R0)
	ADD  $32, R0
	SUBS $1, R2
	BNE  center
	RET

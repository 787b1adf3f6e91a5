//go:build !purego

#include "textflag.h"
#include "neon_arm64.h"

// The sums of Moments (moments.go) for Advanced SIMD (NEON). Operands are in Go's
// order, the destination last. R18, R27, R28, R29 and R30 are left alone.

// ---- moments ----
//
// Eight columns at a time, then two, then one: their sums stay in registers while
// all rows pass by. Of one column, the other half of a register is zero.
//
//	R0  sums of the columns    R1  sums of squares    R2  origin
//	R3  first row at the columns    R4  bytes from row to row
//	R5  weights                     R6  bytes from weight to weight
//	R7  rows        R8  columns left
//	R9  row at the columns     R10 its weight         R11 rows left    R12, R13 temporaries
//	V0…V3    the row's elements as float64, then t = x − origin
//	V4, V5   temporaries
//	V8…V11   sums      V12…V15 sums of squares      V16…V19 origin
//	V20 largest magnitudes of all rows    V21 of those that have a weight
//	V22 mask of magnitudes    V23 mask of a row that has a weight    V24 weight

// V = max(V, |X|) in V20, and in V21 if the row has a weight. Magnitudes of
// float32 are compared as integers, infinities and then NaNs on top; FMAX keeps a
// NaN. V4 is lost.
#define TOP32(X) \
	VAND  V22.B16, X.B16, V4.B16;     \
	VUMAX V4.S4, V20.S4, V20.S4;      \
	VAND  V23.B16, V4.B16, V4.B16;    \
	VUMAX V4.S4, V21.S4, V21.S4
#define TOP64(X) \
	VAND  V22.B16, X.B16, V4.B16;     \
	FMAX2D(4, 20, 20);                \
	VAND  V23.B16, V4.B16, V4.B16;    \
	FMAX2D(4, 21, 21)

#define EIGHT32 \
	FLDPQ (R9), (F1, F3);             \
	TOP32(V1);                        \
	TOP32(V3);                        \
	FCVTL2S(1, 0);                    \
	FCVTL4S(1, 1);                    \
	FCVTL2S(3, 2);                    \
	FCVTL4S(3, 3)
#define TWO32 \
	FMOVD (R9), F0;                   \
	TOP32(V0);                        \
	FCVTL2S(0, 0)
#define ONE32 \
	FMOVS (R9), F0;                   \
	TOP32(V0);                        \
	FCVTL2S(0, 0)

#define EIGHT64 \
	FLDPQ (R9), (F0, F1);             \
	FLDPQ 32(R9), (F2, F3);           \
	TOP64(V0);                        \
	TOP64(V1);                        \
	TOP64(V2);                        \
	TOP64(V3)
#define TWO64 \
	FMOVQ (R9), F0;                   \
	TOP64(V0)
#define ONE64 \
	FMOVD (R9), F0;                   \
	TOP64(V0)

// Elements n of a row to their sums. V5 is lost.
#define TERM(n) \
	FSUB2D((16+n), n, n);             \
	FMUL2D(24, n, 5);                 \
	FADD2D(5, (8+n), (8+n));          \
	FMUL2D(5, n, 5);                  \
	FADD2D(5, (12+n), (12+n))
#define TERMS TERM(0); TERM(1); TERM(2); TERM(3)

// All rows: their elements at the columns and their weights.
#define ROWS(LOAD, ADDTERMS, row) \
	MOVD R3, R9;                      \
	MOVD R5, R10;                     \
	MOVD R7, R11;                     \
row: \
	MOVD (R10), R12;                  \
	VDUP R12, V24.D2;                 \
	LSL  $1, R12;                     \ // −0 is no weight either
	CMP  $0, R12;                     \
	CSETM NE, R12;                    \
	VDUP R12, V23.D2;                 \
	LOAD;                             \
	ADDTERMS;                         \
	ADD  R4, R9;                      \
	ADD  R6, R10;                     \
	SUBS $1, R11;                     \
	BNE  row

#define MOMENTS(BYTES, MAGNITUDES, EIGHT, TWO, ONE, eight, eightrow, rest, two, tworow, one, onerow, done) \
	MOVD sums+0(FP), R0;              \
	MOVD square+8(FP), R1;            \
	MOVD tops+16(FP), R13;            \
	MOVD x+24(FP), R3;                \
	MOVD origin+32(FP), R2;           \
	MOVD weights+40(FP), R5;          \
	MOVD n+48(FP), R7;                \
	MOVD d+56(FP), R8;                \
	MOVD ld+64(FP), R4;               \
	MOVD ldw+72(FP), R6;              \
	MOVD $BYTES, R12;                 \
	MUL  R12, R4, R4;                 \
	LSL  $3, R6;                      \
	FMOVQ (R13), F20;                 \
	FMOVQ 32(R13), F21;               \
	MOVD $MAGNITUDES, R12;            \
	VDUP R12, V22.D2;                 \
	SUBS $8, R8;                      \
	BLT  rest;                        \
eight: \
	FLDPQ (R0), (F8, F9);             \
	FLDPQ 32(R0), (F10, F11);         \
	FLDPQ (R1), (F12, F13);           \
	FLDPQ 32(R1), (F14, F15);         \
	FLDPQ (R2), (F16, F17);           \
	FLDPQ 32(R2), (F18, F19);         \
	ROWS(EIGHT, TERMS, eightrow);     \
	FSTPQ (F8, F9), (R0);             \
	FSTPQ (F10, F11), 32(R0);         \
	FSTPQ (F12, F13), (R1);           \
	FSTPQ (F14, F15), 32(R1);         \
	ADD  $64, R0;                     \
	ADD  $64, R1;                     \
	ADD  $64, R2;                     \
	ADD  $(8*BYTES), R3;              \
	SUBS $8, R8;                      \
	BGE  eight;                       \
rest: \
	ADD  $8, R8;                      \
two: \
	SUBS $2, R8;                      \
	BLT  one;                         \
	FMOVQ (R0), F8;                   \
	FMOVQ (R1), F12;                  \
	FMOVQ (R2), F16;                  \
	ROWS(TWO, TERM(0), tworow);       \
	FMOVQ F8, (R0);                   \
	FMOVQ F12, (R1);                  \
	ADD  $16, R0;                     \
	ADD  $16, R1;                     \
	ADD  $16, R2;                     \
	ADD  $(2*BYTES), R3;              \
	JMP  two;                         \
one: \
	TBZ  $0, R8, done;                \
	FMOVD (R0), F8;                   \
	FMOVD (R1), F12;                  \
	FMOVD (R2), F16;                  \
	ROWS(ONE, TERM(0), onerow);       \
	FMOVD F8, (R0);                   \
	FMOVD F12, (R1);                  \
done: \
	FMOVQ F20, (R13);                 \
	FMOVQ F21, 32(R13);               \
	RET

// func momentsF32NEON(sums, square, tops, x, origin, weights unsafe.Pointer, n, d, ld, ldw int)
TEXT ·momentsF32NEON(SB), NOSPLIT, $0-80
	MOMENTS(4, 0x7FFFFFFF7FFFFFFF, EIGHT32, TWO32, ONE32, eight, eightrow, rest, two, tworow, one, onerow, done)

// func momentsF64NEON(sums, square, tops, x, origin, weights unsafe.Pointer, n, d, ld, ldw int)
TEXT ·momentsF64NEON(SB), NOSPLIT, $0-80
	MOMENTS(8, 0x7FFFFFFFFFFFFFFF, EIGHT64, TWO64, ONE64, eight, eightrow, rest, two, tworow, one, onerow, done)

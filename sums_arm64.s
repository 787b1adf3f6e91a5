//go:build !purego

#include "textflag.h"
#include "neon_arm64.h"

// The kernels on fixed-point sums (sums.go). Operands, and the use of registers, are
// those of kernel_arm64.s.

// ---- accumulate ----
//
// Adds rows to the fixed-point sums of their clusters (Sums in sums.go), four,
// then two elements at a time: y = x·w·2^e, hi += rint(y),
// lo += rint((y − rint(y))·lift). After an odd last element a zero is added to
// the padding of the sums.
//
//	R0  hi      R1  lo      R2  row      R3  labels    R4  weights, or 0   R5  rows left
//	R6  columns             R7  bytes from row to row  R8  bytes per cluster
//	R9, R10  hi and lo at the column     R11 element of the row   R12 columns left
//	R13 list of rows, or 0  R14 first row
//	V0…V7 temporaries   V16…V19 sums   V28 2^e   V29 w·2^e   V30 lift   V31 magic

// 2^e and the lift to all lanes, and the magic.
#define CONSTANTS \
	VDUP V28.D[0], V29.D2;           \
	VDUP V30.D[0], V30.D2;           \
	MOVD $0x4338000000000000, R9;    \ // roundingMagic, 1.5·2⁵²
	VDUP R9, V31.D2

// Numbers y, t, r with names T, R: y·w·2^e to its integer part in t and the
// lifted rest in r, both as int64.
#define FIXED(y, t, r, T, R) \
	FMUL2D(29, y, y);            \
	FADD2D(31, y, t);            \ // integer part, in the low bits
	FSUB2D(31, t, r);            \
	FSUB2D(r, y, r);             \ // exact rest
	FMUL2D(30, r, r);            \
	FADD2D(31, r, r);            \
	VSUB V31.D2, T.D2, T.D2;     \
	VSUB V31.D2, R.D2, R.D2

#define ADDFOUR \
	FIXED(0, 2, 4, V2, V4);      \
	FIXED(1, 3, 5, V3, V5);      \
	FLDPQ (R9), (F16, F17);      \
	FLDPQ (R10), (F18, F19);     \
	VADD V2.D2, V16.D2, V16.D2;  \
	VADD V3.D2, V17.D2, V17.D2;  \
	VADD V4.D2, V18.D2, V18.D2;  \
	VADD V5.D2, V19.D2, V19.D2;  \
	FSTPQ.P (F16, F17), 32(R9);  \
	FSTPQ.P (F18, F19), 32(R10)

#define ADDTWO \
	FIXED(0, 2, 4, V2, V4);      \
	FMOVQ (R9), F16;             \
	FMOVQ (R10), F18;            \
	VADD V2.D2, V16.D2, V16.D2;  \
	VADD V4.D2, V18.D2, V18.D2;  \
	FMOVQ.P F16, 16(R9);         \
	FMOVQ.P F18, 16(R10)

// FOUR and TWO for the columns of the row at R2, then on to next.
#define COLUMNS(LOADFOUR, LOADTWO, LOADONE, FOUR, TWO, four, rest, one, next) \
	MOVD R2, R11;                    \
	SUBS $4, R6, R12;                \
	BLT  rest;                       \
four: \
	LOADFOUR;                        \
	FOUR;                            \
	SUBS $4, R12;                    \
	BGE  four;                       \
rest: \ // R12 mod 4 columns
	TBZ  $1, R12, one;               \
	LOADTWO;                         \
	TWO;                             \
one: \
	TBZ  $0, R12, next;              \
	LOADONE;                         \
	TWO

#define ACCUMULATE(BYTES, LOADFOUR, LOADTWO, LOADONE, row, listed, weighted, four, rest, one, next, done) \
	MOVD hi+0(FP), R0;               \
	MOVD lo+8(FP), R1;               \
	MOVD x+16(FP), R2;               \
	MOVD labels+32(FP), R3;          \
	MOVD weights+40(FP), R4;         \
	MOVD n+48(FP), R5;               \
	MOVD d+56(FP), R6;               \
	MOVD rows+24(FP), R13;           \
	MOVD R2, R14;                    \
	MOVD ld+64(FP), R7;              \
	MOVD $BYTES, R8;                 \
	MUL  R8, R7, R7;                 \
	MOVD lds+72(FP), R8;             \
	LSL  $3, R8, R8;                 \
	FMOVD scale+80(FP), F28;         \
	FMOVD lift+88(FP), F30;          \
	CONSTANTS;                       \
	CBZ  R5, done;                   \
row: \
	CBZ  R13, listed;                \
	MOVW.P 4(R13), R2;               \ // the row that the list gives
	MADD R7, R14, R2, R2;            \
listed: \
	MOVW.P 4(R3), R9;                \
	CBZ  R4, weighted;               \
	FMOVD.P 8(R4), F29;              \
	FMULD F29, F28, F29;             \
	VDUP V29.D[0], V29.D2;           \
weighted: \
	TBNZ $63, R9, next;              \
	MUL  R8, R9, R9;                 \
	ADD  R1, R9, R10;                \
	ADD  R0, R9, R9;                 \
	COLUMNS(LOADFOUR, LOADTWO, LOADONE, ADDFOUR, ADDTWO, four, rest, one, next); \
next: \
	ADD  R7, R2, R2;                 \
	SUBS $1, R5;                     \
	BNE  row;                        \
done: \
	RET

// ---- transfer ----
//
// Listed rows go from one cluster's sums to another's: the integers of accumulate,
// added there and taken away here.
//
//	registers as for accumulate; R3 the labels that rows go to
//	R15 the labels that they come from    R19, R20 hi and lo of those at the column

// After ADDFOUR and ADDTWO, the same off the other cluster, which may be the same one.
#define MOVEFOUR \
	ADDFOUR;                     \
	FLDPQ (R19), (F16, F17);     \
	FLDPQ (R20), (F18, F19);     \
	VSUB V2.D2, V16.D2, V16.D2;  \
	VSUB V3.D2, V17.D2, V17.D2;  \
	VSUB V4.D2, V18.D2, V18.D2;  \
	VSUB V5.D2, V19.D2, V19.D2;  \
	FSTPQ.P (F16, F17), 32(R19); \
	FSTPQ.P (F18, F19), 32(R20)

#define MOVETWO \
	ADDTWO;                      \
	FMOVQ (R19), F16;            \
	FMOVQ (R20), F18;            \
	VSUB V2.D2, V16.D2, V16.D2;  \
	VSUB V4.D2, V18.D2, V18.D2;  \
	FMOVQ.P F16, 16(R19);        \
	FMOVQ.P F18, 16(R20)

#define TRANSFER(BYTES, LOADFOUR, LOADTWO, LOADONE, row, weighted, four, rest, one, next, done) \
	MOVD hi+0(FP), R0;               \
	MOVD lo+8(FP), R1;               \
	MOVD x+16(FP), R14;              \
	MOVD rows+24(FP), R13;           \
	MOVD from+32(FP), R15;           \
	MOVD to+40(FP), R3;              \
	MOVD weights+48(FP), R4;         \
	MOVD n+56(FP), R5;               \
	MOVD d+64(FP), R6;               \
	MOVD ld+72(FP), R7;              \
	MOVD $BYTES, R8;                 \
	MUL  R8, R7, R7;                 \
	MOVD lds+80(FP), R8;             \
	LSL  $3, R8, R8;                 \
	FMOVD scale+88(FP), F28;         \
	FMOVD lift+96(FP), F30;          \
	CONSTANTS;                       \
	CBZ  R5, done;                   \
row: \
	MOVW.P 4(R13), R2;               \ // the row that the list gives
	MADD R7, R14, R2, R2;            \
	MOVW.P 4(R15), R19;              \
	MOVW.P 4(R3), R9;                \
	MUL  R8, R19, R19;               \
	ADD  R1, R19, R20;               \
	ADD  R0, R19, R19;               \
	MUL  R8, R9, R9;                 \
	ADD  R1, R9, R10;                \
	ADD  R0, R9, R9;                 \
	CBZ  R4, weighted;               \
	FMOVD.P 8(R4), F29;              \
	FMULD F29, F28, F29;             \
	VDUP V29.D[0], V29.D2;           \
weighted: \
	COLUMNS(LOADFOUR, LOADTWO, LOADONE, MOVEFOUR, MOVETWO, four, rest, one, next); \
next: \
	SUBS $1, R5;                     \
	BNE  row;                        \
done: \
	RET

// Elements of the row as float64 in V0 and V1, in V0, or one of them in V0 and a zero.
#define LOADFOUR32 \
	FMOVQ.P 16(R11), F0; \
	FCVTL4S(0, 1);       \
	FCVTL2S(0, 0)
#define LOADTWO32 \
	FMOVD.P 8(R11), F0; \
	FCVTL2S(0, 0)
#define LOADONE32 \
	FMOVS (R11), F0; \
	FCVTL2S(0, 0)

#define LOADFOUR64 FLDPQ.P 32(R11), (F0, F1)
#define LOADTWO64 FMOVQ.P 16(R11), F0
#define LOADONE64 FMOVD (R11), F0

// func accumulateF32NEON(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)
TEXT ·accumulateF32NEON(SB), NOSPLIT, $0-96
	ACCUMULATE(4, LOADFOUR32, LOADTWO32, LOADONE32, row, listed, weighted, four, rest, one, next, done)

// func accumulateF64NEON(hi, lo, x, rows, labels, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)
TEXT ·accumulateF64NEON(SB), NOSPLIT, $0-96
	ACCUMULATE(8, LOADFOUR64, LOADTWO64, LOADONE64, row, listed, weighted, four, rest, one, next, done)

// func transferF32NEON(hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)
TEXT ·transferF32NEON(SB), NOSPLIT, $0-104
	TRANSFER(4, LOADFOUR32, LOADTWO32, LOADONE32, row, weighted, four, rest, one, next, done)

// func transferF64NEON(hi, lo, x, rows, from, to, weights unsafe.Pointer, n, d, ld, lds int, scale, lift float64)
TEXT ·transferF64NEON(SB), NOSPLIT, $0-104
	TRANSFER(8, LOADFOUR64, LOADTWO64, LOADONE64, row, weighted, four, rest, one, next, done)

//go:build !purego

#include "textflag.h"
#include "neon_arm64.h"
#include "nearest_arm64.h"

// The kernels on rows and centers of 8-bit integers, for the dot product extension, whose
// instruction SDOT adds four signed products to a sum of 32 bits (coarse.go has the number
// format and the proof). Operands, and the use of registers, are those of kernel_arm64.s.
// Layouts:
//
//	panel   columns of 64 bytes, the elements of a quad of columns of each of 16 rows
//	columns heavy columns of 64 bytes, elements in the unit of the scores (float32)
//	group   n half squared norms ½‖c‖² (float32), a number that is not used, n shares of
//	        the error (float32), n shifts (int32); heavy columns of n elements, negated
//	        (float32); columns of n quads of elements, negated
//	state   of each row, float32: the factor that turns ½d² into the unit of the scores,
//	        the error, what scores begin with, what is taken off them; the least score
//	        (int16)
//	scores  32 bytes a center, of rows 0…15 (int16)
//	format  float32 each: 0 most, the largest element, 1 and 2 are not used, 3 scale of
//	        the centers, 4 radius, the largest norm of a center, 5 what makes a root a
//	        lower bound; errors: 6 per norm of a row, 7 per norm of its residual, 8 what
//	        to add to that, 9 per ‖x‖² in the unit of the scores, 10 fixed, with what
//	        makes the scores of 16 bits signed; 11 what the norm of a row, or the radius,
//	        times its scale may be

// ---- scores ----
//
// The scores of n groups of 1 to 6 centers for the rows of a panel. As in nearest, four
// registers hold a panel column of 64 bytes, and centers come lane by lane.
//
//	R0  state     R1  panel             R2  header of this group  R3  groups left
//	R4  column    R5  center elements   R6  columns left          R7  minus the shift
//	R8  quads     R9  scores            R10 sums                  R11 those of this center
//	R12 heavy columns                   R13 what scores begin with
//	R14 number of heavy columns         R15 temporary
//	V8…V31   accumulators: center c has the four quarters of a panel column in
//	         V(8+4c)…V(11+4c)
//	V0…V3    a panel column, or one of the state
//	V4…V6    center elements of two columns
//	V4, V5   later minus the center's shift, minus the shift of all    V6, V7 least scores

// What the scores begin with: V0…V3 are the factors, then the errors, then a heavy column.
#define BEGIN(c, n, a, Va, Vb, Vc, Vd) \
	VLD1 (R13), [Va.S4, Vb.S4, Vc.S4, Vd.S4]; \
	HEAVY(c, n, a, Va, Vb, Vc, Vd, R2)
#define LESS(c, n, a, Va, Vb, Vc, Vd) \
	VLD1R.P 4(R2), [V4.S4];        \
	VFMLS V0.S4, V4.S4, Va.S4;     \
	VFMLS V1.S4, V4.S4, Vb.S4;     \
	VFMLS V2.S4, V4.S4, Vc.S4;     \
	VFMLS V3.S4, V4.S4, Vd.S4
#define HEAVY(c, n, a, Va, Vb, Vc, Vd, R) \
	VLD1R.P 4(R), [V4.S4];         \
	VFMLA V0.S4, V4.S4, Va.S4;     \
	VFMLA V1.S4, V4.S4, Vb.S4;     \
	VFMLA V2.S4, V4.S4, Vc.S4;     \
	VFMLA V3.S4, V4.S4, Vd.S4
#define HEAVYCOLUMN(c, n, a, Va, Vb, Vc, Vd) HEAVY(c, n, a, Va, Vb, Vc, Vd, R5)
#define KEEP(c, n, a, Va, Vb, Vc, Vd) \
	FCVTNS4S(a, a);                \
	FCVTNS4S(a+1, a+1);            \
	FCVTNS4S(a+2, a+2);            \
	FCVTNS4S(a+3, a+3);            \
	VST1.P [Va.S4, Vb.S4, Vc.S4, Vd.S4], 64(R11); \
	VMOVI $0, Va.B16;              \
	VMOVI $0, Vb.B16;              \
	VMOVI $0, Vc.B16;              \
	VMOVI $0, Vd.B16

// Negated quad e of the 2n of a pair of quads times the panel column.
#define MULADD(e, a) \
	SDOTLANE(EREG4(e), ELANE4(e), 0, a);   \
	SDOTLANE(EREG4(e), ELANE4(e), 1, a+1); \
	SDOTLANE(EREG4(e), ELANE4(e), 2, a+2); \
	SDOTLANE(EREG4(e), ELANE4(e), 3, a+3)
#define FIRST(c, n, a, Va, Vb, Vc, Vd) MULADD(c, a)
#define SECOND(c, n, a, Va, Vb, Vc, Vd) MULADD((n+c), a)

// The sums and what the scores begin with, to 16 bits.
#define FINISH(c, n, a, Va, Vb, Vc, Vd) \
	VLD1.P 64(R11), [V0.S4, V1.S4, V2.S4, V3.S4]; \
	MOVW.P 4(R2), R15;             \
	NEG  R15, R15;                 \
	VDUP R15, V4.S4;               \
	SSHL4S(4, a, a);               \
	SSHL4S(4, a+1, a+1);           \
	SSHL4S(4, a+2, a+2);           \
	SSHL4S(4, a+3, a+3);           \
	VADD V0.S4, Va.S4, Va.S4;      \
	VADD V1.S4, Vb.S4, Vb.S4;      \
	VADD V2.S4, Vc.S4, Vc.S4;      \
	VADD V3.S4, Vd.S4, Vd.S4;      \
	SSHL4S(5, a, a);               \
	SSHL4S(5, a+1, a+1);           \
	SSHL4S(5, a+2, a+2);           \
	SSHL4S(5, a+3, a+3);           \
	SQXTN4H(a, a);                 \
	SQXTN8H(a+1, a);               \
	SQXTN4H(a+2, a+1);             \
	SQXTN8H(a+3, a+1);             \
	VST1.P [Va.H8, Vb.H8], 32(R9); \
	SMIN8H(a, 6, 6);               \
	SMIN8H(a+1, 7, 7)

#define SCORES(n, EACH, ELEMENTS, group, heavy, light, pair) \
group: \
	FLDPQ (R0), (F0, F1);        \
	FLDPQ 32(R0), (F2, F3);      \
	EACH(BEGIN, n);              \ // R2 is now at the number that is not used
	ADD  $4, R2;                 \
	FLDPQ 64(R0), (F0, F1);      \
	FLDPQ 96(R0), (F2, F3);      \
	EACH(LESS, n);               \ // and now at the shifts
	ADD  $(4*n), R2, R5;         \
	MOVD R14, R6;                \
	MOVD R12, R4;                \
	CBZ  R6, light;              \
heavy: \
	VLD1.P 64(R4), [V0.S4, V1.S4, V2.S4, V3.S4]; \
	SUBS $1, R6;                 \
	EACH(HEAVYCOLUMN, n);        \
	BNE  heavy;                  \
light: \
	MOVD R10, R11;               \
	EACH(KEEP, n);               \
	MOVD R1, R4;                 \
	MOVD R8, R6;                 \
	PCALIGN $32;                 \
pair: \ // eight columns
	FLDPQ (R4), (F0, F1);        \
	FLDPQ 32(R4), (F2, F3);      \
	ELEMENTS;                    \
	EACH(FIRST, n);              \
	FLDPQ 64(R4), (F0, F1);      \
	FLDPQ 96(R4), (F2, F3);      \
	ADD  $128, R4;               \
	ADD  $(8*n), R5;             \
	SUBS $2, R6;                 \
	EACH(SECOND, n);             \
	BNE  pair;                   \
	VDUP R7, V5.S4;              \
	FLDPQ 256(R0), (F6, F7);     \
	MOVD R10, R11;               \
	EACH(FINISH, n);             \
	FSTPQ (F6, F7), 256(R0);     \
	MOVD R5, R2;                 \
	SUBS $1, R3;                 \
	BNE  group;                  \
	RET

// func coarseScoresNEONDot(scores, state, panel, columns, groups, sums unsafe.Pointer, n, size, heavy, depth, shift int)
TEXT ·coarseScoresNEONDot(SB), NOSPLIT, $0-88
	MOVD scores+0(FP), R9
	MOVD state+8(FP), R0
	MOVD panel+16(FP), R1
	MOVD columns+24(FP), R12
	MOVD groups+32(FP), R2
	MOVD sums+40(FP), R10
	MOVD n+48(FP), R3
	MOVD size+56(FP), R4
	MOVD heavy+64(FP), R14
	MOVD depth+72(FP), R8
	MOVD shift+80(FP), R7
	NEG  R7, R7
	ADD  $128, R0, R13
	CMP  $6, R4
	BEQ  group6
	CMP  $5, R4
	BEQ  group5
	CMP  $4, R4
	BEQ  group4
	CMP  $3, R4
	BEQ  group3
	CMP  $2, R4
	BEQ  group2
	SCORES(1, EACH1, ELEMENTS4x1, group1, heavy1, light1, pair1)
	SCORES(2, EACH2, ELEMENTS4x2, group2, heavy2, light2, pair2)
	SCORES(3, EACH3, ELEMENTS4x3, group3, heavy3, light3, pair3)
	SCORES(4, EACH4, ELEMENTS4x4, group4, heavy4, light4, pair4)
	SCORES(5, EACH5, ELEMENTS4x5, group5, heavy5, light5, pair5)
	SCORES(6, EACH6, ELEMENTS4x6, group6, heavy6, light6, pair6)

// ---- coarsen ----
//
// A panel of 16 rows of float32, with the squared norm of each, to one of 8-bit
// integers: each row times the scale that makes its largest element most, or its norm what
// that may be. Leaves the state for the scores of the rows.
//
//	R0  panel    R1  state    R2  float panel    R3  norms    R4  squared norms without
//	heavy columns    R5  format    R6  quads left    R7  column    R8  columns left
//	V8…V11   largest magnitudes of each quarter, then scales
//	V12…V15  sums of squares of residuals
//	V20…V31  format    V0…V7, V16…V19 temporaries

// The quarter at byte o: from largest magnitudes to scales in number s; the factors.
#define SCALE(o, s) \
	FDIV4S(s, 20, s);              \ // most / largest; +Inf is not the least below
	FMOVQ o(R3), F0;               \
	FSQRT4S(0, 0);                 \
	FMAX4S(24, 0, 0);              \
	FDIV4S(0, 31, 0);              \
	FMIN4S(0, s, s);               \
	FMUL4S(23, s, 0);              \
	FMOVQ F0, o(R1)

// The quarter at byte o of a quad of columns, times scales number s, as integers side by
// side; the squares of what they lost to Vr.
#define ROUND(o, s, Vr) \
	FMOVQ o(R2), F0;               \
	FMOVQ (64+o)(R2), F1;          \
	FMOVQ (128+o)(R2), F2;         \
	FMOVQ (192+o)(R2), F3;         \
	FMUL4S(s, 0, 0);               \
	FMUL4S(s, 1, 1);               \
	FMUL4S(s, 2, 2);               \
	FMUL4S(s, 3, 3);               \
	FCVTNS4S(0, 4);                \
	FCVTNS4S(1, 5);                \
	FCVTNS4S(2, 6);                \
	FCVTNS4S(3, 7);                \
	SCVTF4S(4, 16);                \
	SCVTF4S(5, 17);                \
	SCVTF4S(6, 18);                \
	SCVTF4S(7, 19);                \
	FSUB4S(16, 0, 0);              \
	FSUB4S(17, 1, 1);              \
	FSUB4S(18, 2, 2);              \
	FSUB4S(19, 3, 3);              \
	VSLI $8, V5.S4, V4.S4;         \
	VSLI $16, V6.S4, V4.S4;        \
	VSLI $24, V7.S4, V4.S4;        \
	VFMLA V0.S4, V0.S4, Vr.S4;     \
	VFMLA V1.S4, V1.S4, Vr.S4;     \
	VFMLA V2.S4, V2.S4, Vr.S4;     \
	VFMLA V3.S4, V3.S4, Vr.S4;     \
	FMOVQ F4, o(R0)

// The error of the quarter at byte o, of which s are the scales and r the squared
// residuals,
//
//	max(scale·norm without heavy columns·per norm, (residual + …)·per residual),
//
// what scores begin with, factor·(½‖x‖² − ½·max(0, ‖x‖ − radius)²) − factor·‖x‖²·per ‖x‖²
// − fixed, and what is taken off, factor·½·max(0, ‖x‖ − radius)². No score begins with less
// than −2³⁰: it is the least of all then, whatever is added, and fits 32 bits. V16 is zero,
// V17 ½, V18 −2³⁰.
#define STATE(o, s, r) \
	FMOVQ o(R4), F0;               \
	FSQRT4S(0, 0);                 \
	FMUL4S(s, 0, 0);               \
	FMUL4S(26, 0, 0);              \
	FSQRT4S(r, 1);                 \
	FADD4S(28, 1, 1);              \
	FMUL4S(27, 1, 1);              \
	FMAX4S(1, 0, 0);               \
	FMOVQ F0, (64+o)(R1);          \
	FMOVQ o(R1), F3;               \
	FMOVQ o(R3), F2;               \
	FSQRT4S(2, 4);                 \
	FMUL4S(25, 4, 4);              \
	FSUB4S(24, 4, 4);              \
	FMAX4S(16, 4, 4);              \
	FMUL4S(4, 4, 4);               \
	FMUL4S(17, 4, 4);              \
	FMUL4S(17, 2, 5);              \
	FSUB4S(4, 5, 5);               \
	FMUL4S(3, 4, 4);               \
	FMOVQ F4, (192+o)(R1);         \
	FMUL4S(3, 5, 5);               \
	FMUL4S(3, 2, 2);               \
	VFMLS V2.S4, V29.S4, V5.S4;    \
	FSUB4S(30, 5, 5);              \
	FMAX4S(18, 5, 5);              \
	FMOVQ F5, (128+o)(R1)

// func coarsenNEONDot(panel, state, x, norms, light, format unsafe.Pointer, quads int)
TEXT ·coarsenNEONDot(SB), NOSPLIT, $0-56
	MOVD panel+0(FP), R0
	MOVD state+8(FP), R1
	MOVD x+16(FP), R2
	MOVD norms+24(FP), R3
	MOVD light+32(FP), R4
	MOVD format+40(FP), R5
	MOVD quads+48(FP), R6
	VLD1R.P 4(R5), [V20.S4]
	VLD1R.P 4(R5), [V21.S4]
	VLD1R.P 4(R5), [V22.S4]
	VLD1R.P 4(R5), [V23.S4]
	VLD1R.P 4(R5), [V24.S4]
	VLD1R.P 4(R5), [V25.S4]
	VLD1R.P 4(R5), [V26.S4]
	VLD1R.P 4(R5), [V27.S4]
	VLD1R.P 4(R5), [V28.S4]
	VLD1R.P 4(R5), [V29.S4]
	VLD1R.P 4(R5), [V30.S4]
	VLD1R.P 4(R5), [V31.S4]
	VMOVI $0, V8.B16
	VMOVI $0, V9.B16
	VMOVI $0, V10.B16
	VMOVI $0, V11.B16
	VMOVI $0, V12.B16
	VMOVI $0, V13.B16
	VMOVI $0, V14.B16
	VMOVI $0, V15.B16
	MOVD  $0x7FFFFFFF, R8
	VDUP  R8, V7.S4
	MOVD  R2, R7
	LSL   $2, R6, R8

largest: // as integers: their order is that of magnitudes
	VLD1.P 64(R7), [V0.S4, V1.S4, V2.S4, V3.S4]
	VAND  V7.B16, V0.B16, V0.B16
	VAND  V7.B16, V1.B16, V1.B16
	VAND  V7.B16, V2.B16, V2.B16
	VAND  V7.B16, V3.B16, V3.B16
	VUMAX V0.S4, V8.S4, V8.S4
	VUMAX V1.S4, V9.S4, V9.S4
	VUMAX V2.S4, V10.S4, V10.S4
	VUMAX V3.S4, V11.S4, V11.S4
	SUBS  $1, R8
	BNE   largest
	SCALE(0, 8)
	SCALE(16, 9)
	SCALE(32, 10)
	SCALE(48, 11)

quad:
	ROUND(0, 8, V12)
	ROUND(16, 9, V13)
	ROUND(32, 10, V14)
	ROUND(48, 11, V15)
	ADD  $256, R2
	ADD  $64, R0
	SUBS $1, R6
	BNE  quad

	VMOVI $0, V16.B16
	FMOVS $0.5, F17
	VDUP  V17.S[0], V17.S4
	MOVD  $0xCE800000, R8
	VDUP  R8, V18.S4
	STATE(0, 8, 12)
	STATE(16, 9, 13)
	STATE(32, 10, 14)
	STATE(48, 11, 15)
	MOVD  $0x7FFF, R8 // the least scores: the largest there is
	VDUP  R8, V0.H8
	FSTPQ (F0, F0), 256(R1)
	RET

// ---- coarsen a center ----
//
// The elements of a center, negated float32, to 8-bit integers: times a scale, at most 127
// in magnitude. Leaves the squared norms of the residual and of the integers, and 0 for
// that of a block, which no sum needs.
//
//	R0  quads, R1 bytes apart    R2  elements    R3  pairs of quads left    R4  norms
//	V16 scale    V17, V18 largest and least integer
//	V20, V21 squares of residuals    V22, V23 of integers

// func coarsenCenterNEONDot(quads unsafe.Pointer, stride int, elements unsafe.Pointer, pairs int, scale float32, norms unsafe.Pointer)
TEXT ·coarsenCenterNEONDot(SB), NOSPLIT, $0-48
	MOVD  quads+0(FP), R0
	MOVD  stride+8(FP), R1
	MOVD  elements+16(FP), R2
	MOVD  pairs+24(FP), R3
	FMOVS scale+32(FP), F16
	MOVD  norms+40(FP), R4
	VDUP  V16.S[0], V16.S4
	MOVD  $127, R5
	VDUP  R5, V17.S4
	NEG   R5, R5
	VDUP  R5, V18.S4
	VMOVI $0, V20.B16
	VMOVI $0, V21.B16
	VMOVI $0, V22.B16
	VMOVI $0, V23.B16

pair:
	FLDPQ.P 32(R2), (F0, F1)
	FMUL4S(16, 0, 0)
	FMUL4S(16, 1, 1)
	FCVTNS4S(0, 2)
	FCVTNS4S(1, 3)
	SMIN4S(17, 2, 2)
	SMIN4S(17, 3, 3)
	SMAX4S(18, 2, 2)
	SMAX4S(18, 3, 3)
	SCVTF4S(2, 4)
	SCVTF4S(3, 5)
	FSUB4S(4, 0, 0)
	FSUB4S(5, 1, 1)
	VFMLA V0.S4, V0.S4, V20.S4
	VFMLA V1.S4, V1.S4, V21.S4
	VFMLA V4.S4, V4.S4, V22.S4
	VFMLA V5.S4, V5.S4, V23.S4
	VUZP1 V3.H8, V2.H8, V2.H8    // low bytes
	VUZP1 V2.B16, V2.B16, V2.B16
	VMOV  V2.D[0], R5
	MOVW  R5, (R0)
	LSR   $32, R5, R5
	MOVW  R5, (R0)(R1)
	ADD   R1<<1, R0, R0
	SUBS  $1, R3
	BNE   pair

	FADD4S(21, 20, 20)
	FADD4S(23, 22, 22)
	FADDP4S(22, 20, 0)
	FADDP4S(0, 0, 0)
	FMOVD F0, (R4) // residual, integers
	MOVW  ZR, 8(R4)
	RET

// The largest magnitude of pairs of quads of elements.
//
//	R0  elements    R1  pairs of quads left    V2, V3  the largest    V7  all but the sign

// func largestNEONDot(elements unsafe.Pointer, pairs int) float32
TEXT ·largestNEONDot(SB), NOSPLIT, $0-20
	MOVD  elements+0(FP), R0
	MOVD  pairs+8(FP), R1
	MOVD  $0x7FFFFFFF, R2
	VDUP  R2, V7.S4
	VMOVI $0, V2.B16
	VMOVI $0, V3.B16

largest:
	FLDPQ.P 32(R0), (F0, F1)
	VAND  V7.B16, V0.B16, V0.B16
	VAND  V7.B16, V1.B16, V1.B16
	VUMAX V0.S4, V2.S4, V2.S4
	VUMAX V1.S4, V3.S4, V3.S4
	SUBS  $1, R1
	BNE   largest
	VUMAX V3.S4, V2.S4, V2.S4
	VEXT  $8, V2.B16, V2.B16, V3.B16
	VUMAX V3.S4, V2.S4, V2.S4
	VEXT  $4, V2.B16, V2.B16, V3.B16
	VUMAX V3.S4, V2.S4, V2.S4
	FMOVS F2, ret+16(FP)
	RET

// ---- list ----
//
// The rows of a panel and the centers whose score is below a limit of the row. Four
// centers at a time are passed over when no row has such a score.
//
//	R0  rows    R1  centers    R2  scores    R3  centers left    R4  this center
//	R5  number of the panel's first row    R6  pairs found    R7  those of four left
//	R8  the rows of a center, four bits each    R9  one of them    R10 the lowest of each
//	four bits
//	V30, V31 limits    V0…V7 scores

// The rows whose scores in number s and t are below their limits, to R8.
#define BELOW(s, t) \
	CMGT8H(s, 30, 0);              \
	CMGT8H(t, 31, 1);              \
	VUZP1 V1.B16, V0.B16, V0.B16;  \
	SHRN8B(0, 0);                  \
	VMOV  V0.D[0], R8

// func coarseListNEONDot(rows, centers, scores, limits unsafe.Pointer, from, n, first int) (found int)
TEXT ·coarseListNEONDot(SB), NOSPLIT, $0-64
	MOVD rows+0(FP), R0
	MOVD centers+8(FP), R1
	MOVD scores+16(FP), R2
	MOVD limits+24(FP), R3
	FLDPQ (R3), (F30, F31)
	MOVD from+32(FP), R4
	MOVD n+40(FP), R3
	MOVD first+48(FP), R5
	MOVD $0x1111111111111111, R10
	MOVD $0, R6

four:
	MOVD R3, R7
	SUBS $4, R3
	BLT  last
	FLDPQ (R2), (F0, F1)
	FLDPQ 32(R2), (F2, F3)
	FLDPQ 64(R2), (F4, F5)
	FLDPQ 96(R2), (F6, F7)
	SMIN8H(2, 0, 0)
	SMIN8H(3, 1, 1)
	SMIN8H(6, 4, 4)
	SMIN8H(7, 5, 5)
	SMIN8H(4, 0, 0)
	SMIN8H(5, 1, 1)
	BELOW(0, 1)
	MOVD $4, R7
	CBNZ R8, center
	ADD  $128, R2
	ADD  $4, R4
	B    four

last: // at most three
	MOVD $0, R3
	CBZ  R7, done

center:
	FLDPQ.P 32(R2), (F0, F1)
	BELOW(0, 1)
	AND  R10, R8, R8
	CBZ  R8, next

bit:
	RBIT R8, R9
	CLZ  R9, R9
	ADD  R9>>2, R5, R9
	MOVW R9, (R0)(R6<<2)
	MOVW R4, (R1)(R6<<2)
	ADD  $1, R6
	SUB  $1, R8, R9
	ANDS R9, R8, R8
	BNE  bit

next:
	ADD  $1, R4
	SUBS $1, R7
	BNE  center
	CBNZ R3, four

done:
	MOVD R6, found+56(FP)
	RET

// ---- bounds ----
//
// Lower bounds of the distances of the rows of a panel to all centers, in a byte each:
//
//	byte = min(254, max(0, ⌊√(max(0, score − term))·root − base⌋))
//
//	R0  dst, 32 bytes a center    R1  scores    R2  terms, roots and bases (float32)
//	R3  centers left
//	V0…V5    scores, then bytes    V16…V19 terms    V20…V23 roots    V24…V27 bases
//	V28 zero    V29 254 in each byte

// A quarter of the rows.
#define BOUND(t, r, b, s) \
	SCVTF4S(s, s);                 \
	FSUB4S(t, s, s);               \
	FMAXNM4S(28, s, s);            \ // a NaN becomes 0
	FSQRT4S(s, s);                 \
	FMUL4S(r, s, s);               \
	FSUB4S(b, s, s);               \
	FCVTZU4S(s, s)                 // negative: 0

// func coarseBoundsNEONDot(dst, scores, rows unsafe.Pointer, k int)
TEXT ·coarseBoundsNEONDot(SB), NOSPLIT, $0-32
	MOVD dst+0(FP), R0
	MOVD scores+8(FP), R1
	MOVD rows+16(FP), R2
	MOVD k+24(FP), R3
	VLD1.P 64(R2), [V16.S4, V17.S4, V18.S4, V19.S4]
	VLD1.P 64(R2), [V20.S4, V21.S4, V22.S4, V23.S4]
	VLD1.P 64(R2), [V24.S4, V25.S4, V26.S4, V27.S4]
	VMOVI $0, V28.B16
	VMOVI $254, V29.B16

center:
	FLDPQ.P 32(R1), (F4, F5)
	SXTL4H(4, 0)
	SXTL8H(4, 1)
	SXTL4H(5, 2)
	SXTL8H(5, 3)
	BOUND(16, 20, 24, 0)
	BOUND(17, 21, 25, 1)
	BOUND(18, 22, 26, 2)
	BOUND(19, 23, 27, 3)
	UQXTN4H(0, 0)
	UQXTN8H(1, 0)
	UQXTN4H(2, 1)
	UQXTN8H(3, 1)
	UQXTN8B(0, 0)
	UQXTN16B(1, 0)
	VUMIN V29.B16, V0.B16, V0.B16
	FMOVQ F0, (R0)
	ADD  $32, R0
	SUBS $1, R3
	BNE  center
	RET

//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "neon_arm64.h"
#include "nearest_arm64.h"

// The arm64 kernels for Advanced SIMD (NEON). Layouts shared with centers.go:
//
//	panel   depth columns of 64 bytes: element j of the RowTile rows of a block
//	        (16 float32, 8 float64), minus the shift; a zero column when D is odd
//	group   n half squared norms ½‖c‖² and the index of the first center (an
//	        integer of the element's size), then columns of n negated elements
//	state   best, runner-up and index of each row of a panel (64 bytes each)
//	totals  64 bytes for each center: the sums of the runs of columns so far
//	bound   8 elements p0 p1 a b e e2 tiny most: see settle
//
// placeMask has the bits of a score that tell the centers of a group apart.
// Operands are in Go's order, destination last. 64 bytes are four vector
// registers, called quarters below. Vn and Fn are the same register. R18, R27
// (the assembler's), R28 (g), R29 and R30 are left alone.

// ---- constants ----

#define placeMask ((1<<const_placeBits) - 1)

// Bytes 0 to 15, then indices past any table: VTBL with the 16 bytes that start
// 16−n bytes in moves the last n bytes of a vector to its front and zeroes the
// rest.
DATA lastBytes<>+0(SB)/8, $0x0706050403020100
DATA lastBytes<>+8(SB)/8, $0x0F0E0D0C0B0A0908
DATA lastBytes<>+16(SB)/8, $-1
DATA lastBytes<>+24(SB)/8, $-1
GLOBL lastBytes<>(SB), RODATA|NOPTR, $32

// The bits of rows 0 to 15 in the sets that settle and below return.
DATA rowBits<>+0(SB)/4, $0x0001
DATA rowBits<>+4(SB)/4, $0x0002
DATA rowBits<>+8(SB)/4, $0x0004
DATA rowBits<>+12(SB)/4, $0x0008
DATA rowBits<>+16(SB)/4, $0x0010
DATA rowBits<>+20(SB)/4, $0x0020
DATA rowBits<>+24(SB)/4, $0x0040
DATA rowBits<>+28(SB)/4, $0x0080
DATA rowBits<>+32(SB)/4, $0x0100
DATA rowBits<>+36(SB)/4, $0x0200
DATA rowBits<>+40(SB)/4, $0x0400
DATA rowBits<>+44(SB)/4, $0x0800
DATA rowBits<>+48(SB)/4, $0x1000
DATA rowBits<>+52(SB)/4, $0x2000
DATA rowBits<>+56(SB)/4, $0x4000
DATA rowBits<>+60(SB)/4, $0x8000
GLOBL rowBits<>(SB), RODATA|NOPTR, $64

// ---- pack ----
//
// Four rows by a vector of columns at a time: load, subtract the shift,
// transpose in registers, store as panel columns. Rows past the last repeat it.
// The columns left over are taken as a pair (float32) and one by one, so that
// nothing past the end of a row is read; after an odd one a zero column follows.
//
//	R0  panel, at the four rows   R1  norms     R2  x          R3  shift
//	R4  last row                  R5  bytes from row to row    R6  columns
//	R7  first of the four rows    R8…R11 rows   R12 panel column
//	R13 shift at the column       R14 columns left
//	V0…V3 rows, V4…V7 temporaries, V16…V19 norms, V20 shift

#define PACKARGS(BYTES) \
	MOVD panel+0(FP), R0;   \
	MOVD norms+8(FP), R1;   \
	MOVD x+16(FP), R2;      \
	MOVD shift+24(FP), R3;  \
	MOVD n+32(FP), R4;      \
	SUB  $1, R4, R4;        \
	MOVD ld+40(FP), R5;     \
	MOVD $BYTES, R6;        \
	MUL  R6, R5, R5;        \
	MOVD d+48(FP), R6;      \
	MOVD $0, R7

// R = row min(R7+r, last) of x.
#define ROWPTR(r, R) \
	ADD  $r, R7, R;     \
	CMP  R4, R;         \
	CSEL GT, R4, R, R;  \
	MUL  R5, R, R;      \
	ADD  R2, R, R

#define FOURROWS \
	ROWPTR(0, R8);          \
	ROWPTR(1, R9);          \
	ROWPTR(2, R10);         \
	ROWPTR(3, R11);         \
	MOVD R0, R12;           \
	MOVD R3, R13;           \
	VMOVI $0, V16.B16;      \
	VMOVI $0, V17.B16;      \
	VMOVI $0, V18.B16;      \
	VMOVI $0, V19.B16

// BYTES of each row and of the shift, with LOAD, which zeroes the rest.
#define SHIFTED(LOAD, BYTES) \
	LOAD.P BYTES(R13), F20;  \
	LOAD.P BYTES(R8), F0;    \
	LOAD.P BYTES(R9), F1;    \
	LOAD.P BYTES(R10), F2;   \
	LOAD.P BYTES(R11), F3;   \
	FSUB(20, 0, 0);          \
	FSUB(20, 1, 1);          \
	FSUB(20, 2, 2);          \
	FSUB(20, 3, 3)

// ---- nearest ----
//
// The scores of n groups of 1 to 6 centers for the rows of a panel, over one run
// of columns: ½‖c‖² − x·c, kept as best, runner-up and index in the state. Of
// several runs the first ones only leave totals, and the last one ranks.
//
//	R0  state     R1  panel             R2  header of this group  R3  groups left
//	R4  column    R5  center elements   R6  columns left          R7  lines left
//	R8  columns in the run              R9  totals to add         R10 totals to leave
//	R11 run: bit 0 adds the totals of the runs before, bit 1 leaves totals
//	R12 what to prefetch                R13 lines of it for each group
//	R14 placeMask
//	V8…V31   accumulators: center c has the four quarters of a panel column in
//	         V(8+4c)…V(11+4c)
//	V0…V3    a panel column           V4…V7  center elements of two columns
//	V0…V3    later best and runner-up of two quarters, or their indices
//	V4…V6    temporaries              V7 mask of places

// ½‖c‖² to begin with (zero in the later runs).
#define START(c, n, a, Va, Vb, Vc, Vd) \
	VLD1R.P ES(R2), [Va.LANES]; \
	VMOV Va.B16, Vb.B16;        \
	VMOV Va.B16, Vc.B16;        \
	VMOV Va.B16, Vd.B16

// Negated element e of the 2n of a column pair times the panel column.
#define MULADD(e, a) \
	FMLALANE(EREG(e), ELANE(e), 0, a);   \
	FMLALANE(EREG(e), ELANE(e), 1, a+1); \
	FMLALANE(EREG(e), ELANE(e), 2, a+2); \
	FMLALANE(EREG(e), ELANE(e), 3, a+3)
#define FIRST(c, n, a, Va, Vb, Vc, Vd) MULADD(c, a)
#define SECOND(c, n, a, Va, Vb, Vc, Vd) MULADD((n+c), a)

// Totals of the runs before, and for those to come: R9 and R10 run through them.
#define ADDTOTAL(c, n, a, Va, Vb, Vc, Vd) \
	VLD1.P 64(R9), [V0.D2, V1.D2, V2.D2, V3.D2]; \
	FADD(0, a, a);     \
	FADD(1, a+1, a+1); \
	FADD(2, a+2, a+2); \
	FADD(3, a+3, a+3)
#define KEEPTOTAL(c, n, a, Va, Vb, Vc, Vd) \
	VST1.P [Va.D2, Vb.D2, Vc.D2, Vd.D2], 64(R10)

// The scores of center c in registers s and t, Vs and Vt, against the best two of
// each row so far, after their lowest bits have become c. A NaN score never
// wins: it makes best and runner-up NaN for good, and the index stays. Finite
// centers give one only to rows that are not finite or whose norm overflows, and
// those never pass settle's test. Their labels still are those of centers, for
// the groups to come have no more of them than the group of the index.
#define RANK(c, s, t, Vs, Vt) \
	VMOVI $c, V4.B16;              \
	VBIT V7.B16, V4.B16, Vs.B16;   \
	VBIT V7.B16, V4.B16, Vt.B16;   \
	FMAX(s, 0, 5);                 \
	FMAX(t, 1, 6);                 \
	FMIN(5, 2, 2);                 \ // runner-up = min(runner-up, max(best, score))
	FMIN(6, 3, 3);                 \
	FMIN(s, 0, 0);                 \
	FMIN(t, 1, 1)
#define RANKLOW(c, n, a, Va, Vb, Vc, Vd) RANK(c, a, a+1, Va, Vb)
#define RANKHIGH(c, n, a, Va, Vb, Vc, Vd) RANK(c, a+2, a+3, Vc, Vd)

// Ranks the half of the panel at byte o of the state: two quarters.
#define RANKHALF(o, n, EACH, HALF) \
	FLDPQ o(R0), (F0, F1);         \
	FLDPQ (64+o)(R0), (F2, F3);    \
	EACH(HALF, n);                 \
	FLDPQ o(R0), (F4, F5);         \
	FSTPQ (F0, F1), o(R0);         \
	FSTPQ (F2, F3), (64+o)(R0);    \
	FCMGT(0, 4, 4);                \ // rows with a new best: it is in this group
	FCMGT(1, 5, 5);                \
	FLDPQ (128+o)(R0), (F2, F3);   \
	VLD1R (R2), [V6.LANES];        \
	VBIT V4.B16, V6.B16, V2.B16;   \
	VBIT V5.B16, V6.B16, V3.B16;   \
	FSTPQ (F2, F3), (128+o)(R0)

// All groups of n centers. ELEMENTS loads the center elements of a column pair,
// MORE those for which there was no register. The names of the labels come as
// arguments.
#define GROUPS(n, EACH, ELEMENTS, MORE, group, fetch, start, pair, keep, rank, next) \
group: \
	CBZ  R13, start;           \
	MOVD R13, R7;              \
fetch: \
	PRFM (R12), PLDL2KEEP;     \
	ADD  $64, R12;             \
	SUBS $1, R7;               \
	BNE  fetch;                \
start: \
	EACH(START, n);            \ // R2 is now at the index
	ADD  $ES, R2, R5;          \
	MOVD R1, R4;               \
	MOVD R8, R6;               \
	PCALIGN $32;               \
pair: \ // two columns
	FLDPQ (R4), (F0, F1);      \
	FLDPQ 32(R4), (F2, F3);    \
	ELEMENTS;                  \
	EACH(FIRST, n);            \
	FLDPQ 64(R4), (F0, F1);    \
	FLDPQ 96(R4), (F2, F3);    \
	MORE;                      \
	ADD  $128, R4;             \
	ADD  $(2*n*ES), R5;        \
	SUBS $2, R6;               \
	EACH(SECOND, n);           \
	BNE  pair;                 \
	CBZ  R11, rank;            \
	TBZ  $0, R11, keep;        \
	EACH(ADDTOTAL, n);         \
	TBZ  $1, R11, rank;        \
keep: \
	EACH(KEEPTOTAL, n);        \
	JMP  next;                 \
rank: \
	VDUP R14, V7.LANES;        \
	RANKHALF(0, n, EACH, RANKLOW);   \
	RANKHALF(32, n, EACH, RANKHIGH); \
next: \
	MOVD R5, R2;               \
	SUBS $1, R3;               \
	BNE  group;                \
	RET

#define NEAREST \
	MOVD state+0(FP), R0;   \
	MOVD panel+8(FP), R1;   \
	MOVD groups+16(FP), R2; \
	MOVD totals+24(FP), R9; \
	MOVD R9, R10;           \
	MOVD n+32(FP), R3;      \
	MOVD size+40(FP), R4;   \
	MOVD depth+48(FP), R8;  \
	MOVD run+56(FP), R11;   \
	MOVD ahead+64(FP), R12; \
	MOVD lines+72(FP), R13; \
	MOVD $placeMask, R14;   \
	CMP  $6, R4; \
	BEQ  group6; \
	CMP  $5, R4; \
	BEQ  group5; \
	CMP  $4, R4; \
	BEQ  group4; \
	CMP  $3, R4; \
	BEQ  group3; \
	CMP  $2, R4; \
	BEQ  group2; \
	GROUPS(1, EACH1, ELEMENTS1, MORE1, group1, fetch1, start1, pair1, keep1, rank1, next1); \
	GROUPS(2, EACH2, ELEMENTS2, MORE2, group2, fetch2, start2, pair2, keep2, rank2, next2); \
	GROUPS(3, EACH3, ELEMENTS3, MORE3, group3, fetch3, start3, pair3, keep3, rank3, next3); \
	GROUPS(4, EACH4, ELEMENTS4, MORE4, group4, fetch4, start4, pair4, keep4, rank4, next4); \
	GROUPS(5, EACH5, ELEMENTS5, MORE5, group5, fetch5, start5, pair5, keep5, rank5, next5); \
	GROUPS(6, EACH6, ELEMENTS6, MORE6, group6, fetch6, start6, pair6, keep6, rank6, next6)

// ---- settle ----
//
// A row is settled when its runner-up is farther from its best score than the
// rounding of the scores can explain: runner-up − best > min(p0 + p1·√X,
// a·X + b·best) + e·X + e2·best + tiny, with X = ‖x‖², and X ≤ most (boundOf in
// centers.go). Its label is the first center of the best one's group plus the
// place that the best score carries.
//
//	R0  labels    R1  state    R2  norms    R3  bound, then row bits
//	R4  runners-up             R5  temporary
//	V0 best   V1 runner-up   V2 X   V3…V5 temporaries   V6 zero   V7 mask of places
//	V8…V11 label of each quarter   V12 +Inf
//	V16…V23 bound   V24…V27 settled rows of each quarter   V28…V31 their bits

#define SETTLEARGS(INF) \
	MOVD labels+0(FP), R0;         \
	MOVD next+8(FP), R4;           \
	MOVD state+16(FP), R1;         \
	MOVD norms+24(FP), R2;         \
	MOVD bound+32(FP), R3;         \
	VLD1R.P ES(R3), [V16.LANES];   \
	VLD1R.P ES(R3), [V17.LANES];   \
	VLD1R.P ES(R3), [V18.LANES];   \
	VLD1R.P ES(R3), [V19.LANES];   \
	VLD1R.P ES(R3), [V20.LANES];   \
	VLD1R.P ES(R3), [V21.LANES];   \
	VLD1R.P ES(R3), [V22.LANES];   \
	VLD1R   (R3), [V23.LANES];     \
	MOVD $placeMask, R5;           \
	VDUP R5, V7.LANES;             \
	MOVD $INF, R5;                 \ // +Inf
	VDUP R5, V12.LANES

// The quarter of the panel at byte o: settled rows as ones in Vm, labels in Vl.
#define SETTLE(o, Vm, Vl) \
	FMOVQ o(R1), F0;                     \
	FMOVQ (64+o)(R1), F1;                \
	FMOVQ (128+o)(R1), F3;               \
	FMOVQ o(R2), F2;                     \
	VAND  V7.B16, V0.B16, Vl.B16;        \
	VADD  V3.LANES, Vl.LANES, Vl.LANES;  \
	FSQRT(2, 5);                         \
	VMOV  V16.B16, V3.B16;               \
	VFMLA V5.LANES, V17.LANES, V3.LANES; \ // p0 + p1·√X
	FMUL(2, 18, 4);                      \
	VFMLA V0.LANES, V19.LANES, V4.LANES; \ // a·X + b·best
	FMIN(4, 3, 3);                       \
	VFMLA V2.LANES, V20.LANES, V3.LANES; \
	VFMLA V0.LANES, V21.LANES, V3.LANES; \
	FADD(22, 3, 3);                      \
	FCMGE(2, 23, 5);                     \ // most ≥ X, false for NaN
	FSUB(0, 1, 4);                       \ // runner-up − best
	FCMGT(3, 4, 4);                      \ // greater, false for NaN
	VAND  V5.B16, V4.B16, Vm.B16;        \
	FMOVQ F1, o(R4)

// The state of the next panel.
#define RESET \
	VMOVI $0, V6.B16;             \
	FSTPQ (F12, F12), (R1);       \
	FSTPQ (F12, F12), 32(R1);     \
	FSTPQ (F12, F12), 64(R1);     \
	FSTPQ (F12, F12), 96(R1);     \
	FSTPQ (F6, F6), 128(R1);      \
	FSTPQ (F6, F6), 160(R1)

// ---- split ----
//
// n panels of whole rows of 1 to 4 columns without gaps: what pack does for any
// row, without norms and shift. A quarter of a panel column is one element of the
// rows that one structure load takes apart.
//
//	R0  panel column    R1  rows    R2  panels left    R3  columns
//	V0…V15 panel columns: quarter q of column j of d in V(d·q+j)

#define SPLIT1 VLD1.P 64(R1), [V0.LANES, V1.LANES, V2.LANES, V3.LANES]
#define SPLIT2 \
	VLD2.P 32(R1), [V0.LANES, V1.LANES]; \
	VLD2.P 32(R1), [V2.LANES, V3.LANES]; \
	VLD2.P 32(R1), [V4.LANES, V5.LANES]; \
	VLD2.P 32(R1), [V6.LANES, V7.LANES]
#define SPLIT3 \
	VLD3.P 48(R1), [V0.LANES, V1.LANES, V2.LANES]; \
	VLD3.P 48(R1), [V3.LANES, V4.LANES, V5.LANES]; \
	VLD3.P 48(R1), [V6.LANES, V7.LANES, V8.LANES]; \
	VLD3.P 48(R1), [V9.LANES, V10.LANES, V11.LANES]
#define SPLIT4 \
	VLD4.P 64(R1), [V0.LANES, V1.LANES, V2.LANES, V3.LANES];   \
	VLD4.P 64(R1), [V4.LANES, V5.LANES, V6.LANES, V7.LANES];   \
	VLD4.P 64(R1), [V8.LANES, V9.LANES, V10.LANES, V11.LANES]; \
	VLD4.P 64(R1), [V12.LANES, V13.LANES, V14.LANES, V15.LANES]

// The four quarters of a panel column.
#define PUT(Fa, Fb, Fc, Fd) \
	FSTPQ (Fc, Fd), 32(R0); \
	FSTPQ.P (Fa, Fb), 64(R0)
#define PUT1 PUT(F0, F1, F2, F3)
#define PUT2 PUT(F0, F2, F4, F6); PUT(F1, F3, F5, F7)
#define PUT3 PUT(F0, F3, F6, F9); PUT(F1, F4, F7, F10); PUT(F2, F5, F8, F11)
#define PUT4 PUT(F0, F4, F8, F12); PUT(F1, F5, F9, F13); PUT(F2, F6, F10, F14); PUT(F3, F7, F11, F15)

#define SPLITALL(SPLIT, PUTALL, next) \
next: \
	SPLIT;                    \
	PUTALL;                   \
	SUBS $1, R2;              \
	BNE  next;                \
	RET

#define SPLITPANELS \
	MOVD panel+0(FP), R0;     \
	MOVD x+8(FP), R1;         \
	MOVD n+16(FP), R2;        \
	MOVD d+24(FP), R3;        \
	CMP  $2, R3;              \
	BLT  one;                 \
	BEQ  two;                 \
	CMP  $3, R3;              \
	BEQ  three;               \
	SPLITALL(SPLIT4, PUT4, four);  \
	SPLITALL(SPLIT3, PUT3, three); \
	SPLITALL(SPLIT2, PUT2, two);   \
	SPLITALL(SPLIT1, PUT1, one)

// ---- direct ----
//
// Labels and distances of the rows of n panels by Σ(x−c)², added in column order;
// directTwo also puts the second least distances. Up to four panel columns, three for
// directTwo, stay in registers while the centers go by.
//
//	R0  labels    R1  dist      R2  panel     R3  center elements    R4  centers
//	R5  columns   R6  panels left             R7  +Inf
//	R8  index of this center    R9  the first center
//	R10 panel column            R11 columns left       R12 second least distances
//	V0…V3 best    V4…V7 index   V8…V11 distance
//	V12, V13, V15 temporaries
//	V14 center element, then a temporary, then the index of this center
//	V16…V31 panel columns, of which the general loop has one
//	V28…V31 second least distances so far, of directTwo

// The next column of the panel to four registers.
#define COLUMN(Va, Vb, Vc, Vd) VLD1.P 64(R2), [Va.LANES, Vb.LANES, Vc.LANES, Vd.LANES]
#define COLUMNS1 COLUMN(V16, V17, V18, V19)
#define COLUMNS2 COLUMNS1; COLUMN(V20, V21, V22, V23)
#define COLUMNS3 COLUMNS2; COLUMN(V24, V25, V26, V27)
#define COLUMNS4 COLUMNS3; COLUMN(V28, V29, V30, V31)

// The panel column in number p and on, and the next element of the center; the
// first one sets the distance.
#define FIRSTTERM \
	VLD1R.P ES(R3), [V14.LANES]; \
	FSUB(14, 16, 8);          \
	FSUB(14, 17, 9);          \
	FSUB(14, 18, 10);         \
	FSUB(14, 19, 11);         \
	FMUL(8, 8, 8);            \
	FMUL(9, 9, 9);            \
	FMUL(10, 10, 10);         \
	FMUL(11, 11, 11)
#define NEXTTERM(p) \
	VLD1R.P ES(R3), [V14.LANES]; \
	FSUB(14, p, 12);          \
	FSUB(14, p+1, 13);        \
	FSUB(14, p+2, 15);        \
	FSUB(14, p+3, 14);        \
	FMUL(12, 12, 12);         \
	FMUL(13, 13, 13);         \
	FMUL(15, 15, 15);         \
	FMUL(14, 14, 14);         \
	FADD(12, 8, 8);           \
	FADD(13, 9, 9);           \
	FADD(15, 10, 10);         \
	FADD(14, 11, 11)
#define TERMS1 FIRSTTERM
#define TERMS2 TERMS1; NEXTTERM(20)
#define TERMS3 TERMS2; NEXTTERM(24)
#define TERMS4 TERMS3; NEXTTERM(28)

// No center yet: +Inf, index −1.
#define NOCENTER \
	MOVD R9, R3;              \
	MOVD $0, R8;              \
	VDUP R7, V0.LANES;        \
	VMOV V0.B16, V1.B16;      \
	VMOV V0.B16, V2.B16;      \
	VMOV V0.B16, V3.B16;      \
	VMOVI $255, V4.B16;       \
	VMOVI $255, V5.B16;       \
	VMOVI $255, V6.B16;       \
	VMOVI $255, V7.B16

// The quarter with distance number s, of which best is number b: its registers
// Vs, Vb and Vi take the new center where it is nearer, never for a NaN. The mask
// of these rows is number m, Vm.
#define NEARER(s, b, m, Vs, Vb, Vi, Vm) \
	FCMGT(s, b, m);                \ // distance < best
	VBIT Vm.B16, Vs.B16, Vb.B16;   \
	VBIT Vm.B16, V14.B16, Vi.B16

// What directTwo does besides, where direct has NONE. FMAX gives NaN for a NaN
// distance, which FMINNM passes over.
#define NONE
#define NOSECOND \
	VMOV V0.B16, V28.B16;     \
	VMOV V0.B16, V29.B16;     \
	VMOV V0.B16, V30.B16;     \
	VMOV V0.B16, V31.B16
#define SECONDS \
	FMAX(8, 0, 12);           \
	FMAX(9, 1, 13);           \
	FMINNM(12, 28, 28);       \ // second = min(second, max(best, distance))
	FMINNM(13, 29, 29);       \
	FMAX(10, 2, 12);          \
	FMAX(11, 3, 13);          \
	FMINNM(12, 30, 30);       \
	FMINNM(13, 31, 31)
#define PUTSECONDS VST1.P [V28.LANES, V29.LANES, V30.LANES, V31.LANES], 64(R12)

// Ends the work on a center: flags say whether it was the last one.
#define CLOSER(NEXT) \
	NEXT;                                \
	VDUP R8, V14.LANES;                  \
	ADD  $1, R8;                         \
	NEARER(8, 0, 12, V8, V0, V4, V12);   \
	NEARER(9, 1, 13, V9, V1, V5, V13);   \
	NEARER(10, 2, 12, V10, V2, V6, V12); \
	NEARER(11, 3, 13, V11, V3, V7, V13); \
	CMP  R4, R8

#define DIRECTD(COLUMNS, TERMS, PUTLABELS, NONEXT, NEXT, PUTNEXT, panel, center, rank) \
panel: \
	COLUMNS;                  \
	NOCENTER;                 \
	NONEXT;                   \
	CBZ  R4, rank;            \
	PCALIGN $16;              \
center: \
	TERMS;                    \
	CLOSER(NEXT);             \
	BNE  center;              \
rank: \
	VST1.P [V0.LANES, V1.LANES, V2.LANES, V3.LANES], 64(R1); \
	PUTNEXT;                  \
	PUTLABELS;                \
	SUBS $1, R6;              \
	BNE  panel;               \
	RET

// Any number of columns, read again for each center.
#define DIRECTANY(PUTLABELS, NONEXT, NEXT, PUTNEXT, panel, center, column, rank) \
panel: \
	NOCENTER;                 \
	NONEXT;                   \
	CBZ  R4, rank;            \
center: \
	MOVD R2, R10;             \
	MOVD R5, R11;             \
	VMOVI $0, V8.B16;         \
	VMOVI $0, V9.B16;         \
	VMOVI $0, V10.B16;        \
	VMOVI $0, V11.B16;        \
	PCALIGN $16;              \
column: \
	VLD1.P 64(R10), [V16.LANES, V17.LANES, V18.LANES, V19.LANES]; \
	NEXTTERM(16);             \
	SUBS $1, R11;             \
	BNE  column;              \
	CLOSER(NEXT);             \
	BNE  center;              \
rank: \
	VST1.P [V0.LANES, V1.LANES, V2.LANES, V3.LANES], 64(R1); \
	PUTNEXT;                  \
	PUTLABELS;                \
	ADD  R5<<6, R2, R2;       \
	SUBS $1, R6;              \
	BNE  panel;               \
	RET

#define DIRECTARGS(INF) \
	MOVD labels+0(FP), R0;    \
	MOVD dist+8(FP), R1;      \
	MOVD panel+16(FP), R2;    \
	MOVD centers+24(FP), R9;  \
	MOVD k+32(FP), R4;        \
	MOVD d+40(FP), R5;        \
	MOVD n+48(FP), R6;        \
	MOVD $INF, R7

#define DIRECT(INF, PUTLABELS) \
	DIRECTARGS(INF);          \
	CMP  $4, R5;              \
	BGT  many;                \
	BEQ  four;                \
	CMP  $2, R5;              \
	BEQ  two;                 \
	BGT  three;               \
	DIRECTD(COLUMNS1, TERMS1, PUTLABELS, NONE, NONE, NONE, one, center1, rank1);   \
	DIRECTD(COLUMNS2, TERMS2, PUTLABELS, NONE, NONE, NONE, two, center2, rank2);   \
	DIRECTD(COLUMNS3, TERMS3, PUTLABELS, NONE, NONE, NONE, three, center3, rank3); \
	DIRECTD(COLUMNS4, TERMS4, PUTLABELS, NONE, NONE, NONE, four, center4, rank4);  \
	DIRECTANY(PUTLABELS, NONE, NONE, NONE, many, center, column, rank)

#define DIRECTTWO(INF, PUTLABELS) \
	DIRECTARGS(INF);          \
	MOVD second+56(FP), R12;  \
	CMP  $3, R5;              \
	BGT  many;                \
	BEQ  three;               \
	CMP  $2, R5;              \
	BEQ  two;                 \
	DIRECTD(COLUMNS1, TERMS1, PUTLABELS, NOSECOND, SECONDS, PUTSECONDS, one, center1, rank1);   \
	DIRECTD(COLUMNS2, TERMS2, PUTLABELS, NOSECOND, SECONDS, PUTSECONDS, two, center2, rank2);   \
	DIRECTD(COLUMNS3, TERMS3, PUTLABELS, NOSECOND, SECONDS, PUTSECONDS, three, center3, rank3); \
	DIRECTANY(PUTLABELS, NOSECOND, SECONDS, PUTSECONDS, many, center, column, rank)

#define PUTLABELS32 VST1.P [V4.S4, V5.S4, V6.S4, V7.S4], 64(R0)
#define PUTLABELS64 \
	VUZP1 V5.S4, V4.S4, V4.S4; \ // low halves
	VUZP1 V7.S4, V6.S4, V5.S4; \
	FSTPQ.P (F4, F5), 32(R0)

// ---- below ----
//
// Which of n scores of each row of a panel are below the row's limit: a bit set
// of the rows for each score.
//
//	R0  bit sets    R1  totals    R2  limits, then row bits    R3  scores left
//	V0…V3 totals, then comparisons    V16…V19 limits    V28…V31 row bits

// ROWBITS spreads the bits of the rows, which V28 and on have in order, over
// elements.
#define BELOW(ROWBITS, score, done) \
	MOVD bits+0(FP), R0;           \
	MOVD totals+8(FP), R1;         \
	MOVD limits+16(FP), R2;        \
	MOVD n+24(FP), R3;             \
	VLD1 (R2), [V16.LANES, V17.LANES, V18.LANES, V19.LANES]; \
	MOVD $rowBits<>(SB), R2;       \
	VLD1 (R2), [V28.S4, V29.S4, V30.S4, V31.S4]; \
	ROWBITS;                       \
	CBZ  R3, done;                 \
	PCALIGN $16;                   \
score: \
	VLD1.P 64(R1), [V0.LANES, V1.LANES, V2.LANES, V3.LANES]; \
	FCMGT(0, 16, 0);               \ // limit > total, false for NaN
	FCMGT(1, 17, 1);               \
	FCMGT(2, 18, 2);               \
	FCMGT(3, 19, 3);               \
	VAND V28.B16, V0.B16, V0.B16;  \
	VBIT V29.B16, V1.B16, V0.B16;  \ // each row has a bit of its own
	VBIT V30.B16, V2.B16, V0.B16;  \
	VBIT V31.B16, V3.B16, V0.B16;  \
	VADDV V0.S4, V0;               \
	FMOVS.P F0, 4(R0);             \
	SUBS $1, R3;                   \
	BNE  score;                    \
done: \
	RET

#define ROWBITS32
#define ROWBITS64 \
	VUXTL2 V29.S4, V31.D2; \
	VUXTL V29.S2, V30.D2;  \
	VUXTL2 V28.S4, V29.D2; \
	VUXTL V28.S2, V28.D2

// ---- squaredL2 and dot ----
//
// out[i·ldo] of row i of x and row idx[i] of y (row 0 when idx is nil), in
// lane order: 64 bytes of partial sums, added in halves at the end. The last
// columns are whole quarters, then the front of one more: its bytes come from
// the last 16 of the row, which has 64 at least.
//
//	R0  out     R1  row of x    R2  y       R3  row of y    R4  idx, or 0    R5  rows left
//	R6  ldx     R7  ldy         R8  ldo in bytes            R9  bytes after the whole blocks
//	R10 whole blocks            R11 last 16 bytes of a row, from its start
//	R12, R13 elements           R14 blocks left, then bytes left             R15 temporary
//	V0…V3 partial sums   V4…V7 elements   V16…V19 partners   V31 see lastBytes

// Numbers x, y: the term (x−y)² or xy, rounded before it is added, to x.
#define TERMSQUARE(x, y) \
	FSUB(y, x, x); \
	FMUL(x, x, x)
#define TERMDOT(x, y) \
	FMUL(y, x, x)

// One more whole quarter of the last columns, to partial sums p.
#define QUARTER(TERM, p) \
	FMOVQ.P 16(R12), F4;  \
	FMOVQ.P 16(R13), F16; \
	TERM(4, 16);          \
	FADD(4, p, p)

// The front of a quarter: what is left of the row, zero or more elements.
#define FRONT(TERM, p) \
	ADD  R11, R1, R12;                \
	ADD  R11, R3, R13;                \
	FMOVQ (R12), F4;                  \
	FMOVQ (R13), F16;                 \
	VTBL V31.B16, [V4.B16], V4.B16;   \
	VTBL V31.B16, [V16.B16], V16.B16; \
	TERM(4, 16);                      \
	FADD(4, p, p)

// The lanes of V0…V3 to the first of V0.
#define FOLD32 \
	FADD(2, 0, 0);                       \
	FADD(3, 1, 1);                       \
	FADD(1, 0, 0);                       \
	VEXT $8, V0.B16, V0.B16, V1.B16;     \
	FADD(1, 0, 0);                       \
	VMOV V0.S[1], V1;                    \
	FADDS F1, F0, F0;                    \
	FMOVS F0, (R0)
#define FOLD64 \
	FADD(2, 0, 0);                       \
	FADD(3, 1, 1);                       \
	FADD(1, 0, 0);                       \
	VMOV V0.D[1], V1;                    \
	FADDD F1, F0, F0;                    \
	FMOVD F0, (R0)

#define PAIRS(TERM, FOLD, row, partner, block, tail, front0, front1, front2, fold, done) \
	MOVD out+0(FP), R0;          \
	MOVD x+8(FP), R1;            \
	MOVD y+16(FP), R2;           \
	MOVD idx+24(FP), R4;         \
	MOVD n+32(FP), R5;           \
	MOVD $ES, R15;               \
	MOVD d+40(FP), R9;           \
	MUL  R15, R9, R9;            \
	MOVD ldo+48(FP), R8;         \
	MUL  R15, R8, R8;            \
	MOVD ldx+56(FP), R6;         \
	MUL  R15, R6, R6;            \
	MOVD ldy+64(FP), R7;         \
	MUL  R15, R7, R7;            \
	SUB  $16, R9, R11;           \
	LSR  $6, R9, R10;            \
	AND  $63, R9, R9;            \
	AND  $15, R9, R14;           \
	MOVD $lastBytes<>+16(SB), R15; \
	SUB  R14, R15, R15;          \
	FMOVQ (R15), F31;            \
	MOVD R2, R3;                 \
	CBZ  R5, done;               \
row: \
	CBZ  R4, partner;            \
	MOVW.P 4(R4), R3;            \
	MUL  R7, R3, R3;             \
	ADD  R2, R3, R3;             \
partner: \
	MOVD R1, R12;                \
	MOVD R3, R13;                \
	MOVD R10, R14;               \
	VMOVI $0, V0.B16;            \
	VMOVI $0, V1.B16;            \
	VMOVI $0, V2.B16;            \
	VMOVI $0, V3.B16;            \
	PCALIGN $16;                 \
block: \
	FLDPQ (R12), (F4, F5);       \
	FLDPQ 32(R12), (F6, F7);     \
	FLDPQ (R13), (F16, F17);     \
	FLDPQ 32(R13), (F18, F19);   \
	ADD  $64, R12;               \
	ADD  $64, R13;               \
	TERM(4, 16);                 \
	TERM(5, 17);                 \
	TERM(6, 18);                 \
	TERM(7, 19);                 \
	SUBS $1, R14;                \
	FADD(4, 0, 0);               \
	FADD(5, 1, 1);               \
	FADD(6, 2, 2);               \
	FADD(7, 3, 3);               \
	BNE  block;                  \
tail: \
	CBZ  R9, fold;               \
	SUBS $16, R9, R14;           \
	BLT  front0;                 \
	QUARTER(TERM, 0);            \
	SUBS $16, R14;               \
	BLT  front1;                 \
	QUARTER(TERM, 1);            \
	SUBS $16, R14;               \
	BLT  front2;                 \
	QUARTER(TERM, 2);            \
	FRONT(TERM, 3);              \
	JMP  fold;                   \
front0: \
	FRONT(TERM, 0);              \
	JMP  fold;                   \
front1: \
	FRONT(TERM, 1);              \
	JMP  fold;                   \
front2: \
	FRONT(TERM, 2);              \
fold: \
	FOLD;                        \
	ADD  R6, R1, R1;             \
	ADD  R8, R0, R0;             \
	SUBS $1, R5;                 \
	BNE  row;                    \
done: \
	RET

// ---- float32 ----

#define FADD(m, n, d) FADD4S(m, n, d)
#define FSUB(m, n, d) FSUB4S(m, n, d)
#define FMUL(m, n, d) FMUL4S(m, n, d)
#define FMAX(m, n, d) FMAX4S(m, n, d)
#define FMIN(m, n, d) FMIN4S(m, n, d)
#define FMINNM(m, n, d) FMINNM4S(m, n, d)
#define FCMGT(m, n, d) FCMGT4S(m, n, d)
#define FCMGE(m, n, d) FCMGE4S(m, n, d)
#define FSQRT(n, d) FSQRT4S(n, d)
#define FMLALANE(m, i, n, d) FMLALANE4S(m, i, n, d)
#define LANES S4
#define ES 4

#define EREG(e) EREG4(e)
#define ELANE(e) ELANE4(e)
#define ELEMENTS1 ELEMENTS4x1
#define ELEMENTS2 ELEMENTS4x2
#define ELEMENTS3 ELEMENTS4x3
#define ELEMENTS4 ELEMENTS4x4
#define ELEMENTS5 ELEMENTS4x5
#define ELEMENTS6 ELEMENTS4x6
#define MORE1
#define MORE2
#define MORE3
#define MORE4
#define MORE5
#define MORE6

// func packF32NEON(panel, norms, x, shift unsafe.Pointer, n, ld, d int)
TEXT ·packF32NEON(SB), NOSPLIT, $0-56
	PACKARGS(4)

rows:
	FOURROWS
	SUBS $4, R6, R14
	BLT  rest

four: // four columns
	SHIFTED(FMOVQ, 16)
	VTRN1 V1.S4, V0.S4, V4.S4
	VTRN2 V1.S4, V0.S4, V5.S4
	VTRN1 V3.S4, V2.S4, V6.S4
	VTRN2 V3.S4, V2.S4, V7.S4
	VTRN1 V6.D2, V4.D2, V0.D2
	VTRN1 V7.D2, V5.D2, V1.D2
	VTRN2 V6.D2, V4.D2, V2.D2
	VTRN2 V7.D2, V5.D2, V3.D2
	VFMLA V0.S4, V0.S4, V16.S4
	VFMLA V1.S4, V1.S4, V17.S4
	VFMLA V2.S4, V2.S4, V18.S4
	VFMLA V3.S4, V3.S4, V19.S4
	FMOVQ F0, (R12)
	FMOVQ F1, 64(R12)
	FMOVQ F2, 128(R12)
	FMOVQ F3, 192(R12)
	ADD   $256, R12
	SUBS  $4, R14
	BGE   four

rest: // R14 mod 4 columns
	TBZ   $1, R14, one
	SHIFTED(FMOVD, 8)
	VZIP1 V1.S4, V0.S4, V4.S4
	VZIP1 V3.S4, V2.S4, V6.S4
	VZIP1 V6.D2, V4.D2, V0.D2
	VZIP2 V6.D2, V4.D2, V1.D2
	VFMLA V0.S4, V0.S4, V16.S4
	VFMLA V1.S4, V1.S4, V17.S4
	FMOVQ F0, (R12)
	FMOVQ F1, 64(R12)
	ADD   $128, R12

one:
	TBZ   $0, R14, norms
	SHIFTED(FMOVS, 4)
	VZIP1 V1.S4, V0.S4, V4.S4
	VZIP1 V3.S4, V2.S4, V6.S4
	VZIP1 V6.D2, V4.D2, V0.D2
	VMOVI $0, V1.B16
	VFMLA V0.S4, V0.S4, V16.S4
	FMOVQ F0, (R12)
	FMOVQ F1, 64(R12)

norms:
	FADD(17, 16, 16)
	FADD(19, 18, 18)
	FADD(18, 16, 16)
	FMOVQ.P F16, 16(R1)
	ADD   $16, R0
	ADD   $4, R7
	CMP   $16, R7
	BLT   rows
	RET

// func nearestF32NEON(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)
TEXT ·nearestF32NEON(SB), NOSPLIT, $0-80
	NEAREST

// func settleF32NEON(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)
TEXT ·settleF32NEON(SB), NOSPLIT, $0-48
	SETTLEARGS(0x7F800000)
	SETTLE(0, V24, V8)
	SETTLE(16, V25, V9)
	SETTLE(32, V26, V10)
	SETTLE(48, V27, V11)
	VST1  [V8.S4, V9.S4, V10.S4, V11.S4], (R0)
	RESET
	MOVD  $rowBits<>(SB), R3
	VLD1  (R3), [V28.S4, V29.S4, V30.S4, V31.S4]
	VAND  V28.B16, V24.B16, V24.B16
	VAND  V29.B16, V25.B16, V25.B16
	VAND  V30.B16, V26.B16, V26.B16
	VAND  V31.B16, V27.B16, V27.B16
	VORR  V25.B16, V24.B16, V24.B16
	VORR  V27.B16, V26.B16, V26.B16
	VORR  V26.B16, V24.B16, V24.B16
	VADDV V24.S4, V24
	VMOV  V24.S[0], R5
	MOVD  R5, settled+40(FP)
	RET

// func directF32NEON(labels, dist, panel, centers unsafe.Pointer, k, d, n int)
TEXT ·directF32NEON(SB), NOSPLIT, $0-56
	DIRECT(0x7F800000, PUTLABELS32)

// func directTwoF32NEON(labels, dist, panel, centers unsafe.Pointer, k, d, n int, second unsafe.Pointer)
TEXT ·directTwoF32NEON(SB), NOSPLIT, $0-64
	DIRECTTWO(0x7F800000, PUTLABELS32)

// func splitF32NEON(panel, x unsafe.Pointer, n, d int)
TEXT ·splitF32NEON(SB), NOSPLIT, $0-32
	SPLITPANELS

// func belowF32NEON(bits, totals, limits unsafe.Pointer, n int)
TEXT ·belowF32NEON(SB), NOSPLIT, $0-32
	BELOW(ROWBITS32, score, done)

// func squaredL2F32NEON(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·squaredL2F32NEON(SB), NOSPLIT, $0-72
	PAIRS(TERMSQUARE, FOLD32, row, partner, block, tail, front0, front1, front2, fold, done)

// func dotF32NEON(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·dotF32NEON(SB), NOSPLIT, $0-72
	PAIRS(TERMDOT, FOLD32, row, partner, block, tail, front0, front1, front2, fold, done)

// ---- float64 ----

#undef FADD
#undef FSUB
#undef FMUL
#undef FMAX
#undef FMIN
#undef FMINNM
#undef FCMGT
#undef FCMGE
#undef FSQRT
#undef FMLALANE
#undef LANES
#undef ES
#undef EREG
#undef ELANE
#undef ELEMENTS1
#undef ELEMENTS2
#undef ELEMENTS3
#undef ELEMENTS4
#undef ELEMENTS5
#undef ELEMENTS6
#undef MORE5
#undef MORE6
#define FADD(m, n, d) FADD2D(m, n, d)
#define FSUB(m, n, d) FSUB2D(m, n, d)
#define FMUL(m, n, d) FMUL2D(m, n, d)
#define FMAX(m, n, d) FMAX2D(m, n, d)
#define FMIN(m, n, d) FMIN2D(m, n, d)
#define FMINNM(m, n, d) FMINNM2D(m, n, d)
#define FCMGT(m, n, d) FCMGT2D(m, n, d)
#define FCMGE(m, n, d) FCMGE2D(m, n, d)
#define FSQRT(n, d) FSQRT2D(n, d)
#define FMLALANE(m, i, n, d) FMLALANE2D(m, i, n, d)
#define LANES D2
#define ES 8

// Element e of a column pair of n centers is lane e mod 2 of V(4 + e/2), the
// ninth and on of V4 and V5 again: by then the first column is done with them.
#define EREG(e) (4 + (e)/2%4)
#define ELANE(e) ((e)%2)
#define ELEMENTS1 FMOVQ (R5), F4
#define ELEMENTS2 FLDPQ (R5), (F4, F5)
#define ELEMENTS3 FLDPQ (R5), (F4, F5); FMOVQ 32(R5), F6
#define ELEMENTS4 FLDPQ (R5), (F4, F5); FLDPQ 32(R5), (F6, F7)
#define ELEMENTS5 ELEMENTS4
#define ELEMENTS6 ELEMENTS4
#define MORE5 FMOVQ 64(R5), F4
#define MORE6 FLDPQ 64(R5), (F4, F5)

// func packF64NEON(panel, norms, x, shift unsafe.Pointer, n, ld, d int)
TEXT ·packF64NEON(SB), NOSPLIT, $0-56
	PACKARGS(8)

rows:
	FOURROWS
	SUBS $2, R6, R14
	BLT  rest

two: // two columns
	SHIFTED(FMOVQ, 16)
	VTRN1 V1.D2, V0.D2, V4.D2
	VTRN1 V3.D2, V2.D2, V5.D2
	VTRN2 V1.D2, V0.D2, V6.D2
	VTRN2 V3.D2, V2.D2, V7.D2
	VFMLA V4.D2, V4.D2, V16.D2
	VFMLA V5.D2, V5.D2, V17.D2
	VFMLA V6.D2, V6.D2, V18.D2
	VFMLA V7.D2, V7.D2, V19.D2
	FSTPQ (F4, F5), (R12)
	FSTPQ (F6, F7), 64(R12)
	ADD   $128, R12
	SUBS  $2, R14
	BGE   two

rest: // R14 mod 2 columns
	TBZ   $0, R14, norms
	SHIFTED(FMOVD, 8)
	VZIP1 V1.D2, V0.D2, V4.D2
	VZIP1 V3.D2, V2.D2, V5.D2
	VMOVI $0, V6.B16
	VFMLA V4.D2, V4.D2, V16.D2
	VFMLA V5.D2, V5.D2, V17.D2
	FSTPQ (F4, F5), (R12)
	FSTPQ (F6, F6), 64(R12)

norms:
	FADD(18, 16, 16)
	FADD(19, 17, 17)
	FSTPQ.P (F16, F17), 32(R1)
	ADD   $32, R0
	ADD   $4, R7
	CMP   $8, R7
	BLT   rows
	RET

// func nearestF64NEON(state, panel, groups, totals unsafe.Pointer, n, size, depth, run int, ahead uintptr, lines int)
TEXT ·nearestF64NEON(SB), NOSPLIT, $0-80
	NEAREST

// func settleF64NEON(labels, next, state, norms, bound unsafe.Pointer) (settled uint64)
TEXT ·settleF64NEON(SB), NOSPLIT, $0-48
	SETTLEARGS(0x7FF0000000000000)
	SETTLE(0, V24, V8)
	SETTLE(16, V25, V9)
	SETTLE(32, V26, V10)
	SETTLE(48, V27, V11)
	VUZP1 V9.S4, V8.S4, V8.S4 // low halves
	VUZP1 V11.S4, V10.S4, V9.S4
	FSTPQ (F8, F9), (R0)
	RESET
	MOVD  $rowBits<>(SB), R3
	FLDPQ (R3), (F28, F29)
	VUZP1 V25.S4, V24.S4, V24.S4
	VUZP1 V27.S4, V26.S4, V25.S4
	VAND  V28.B16, V24.B16, V24.B16
	VAND  V29.B16, V25.B16, V25.B16
	VORR  V25.B16, V24.B16, V24.B16
	VADDV V24.S4, V24
	VMOV  V24.S[0], R5
	MOVD  R5, settled+40(FP)
	RET

// func directF64NEON(labels, dist, panel, centers unsafe.Pointer, k, d, n int)
TEXT ·directF64NEON(SB), NOSPLIT, $0-56
	DIRECT(0x7FF0000000000000, PUTLABELS64)

// func directTwoF64NEON(labels, dist, panel, centers unsafe.Pointer, k, d, n int, second unsafe.Pointer)
TEXT ·directTwoF64NEON(SB), NOSPLIT, $0-64
	DIRECTTWO(0x7FF0000000000000, PUTLABELS64)

// func splitF64NEON(panel, x unsafe.Pointer, n, d int)
TEXT ·splitF64NEON(SB), NOSPLIT, $0-32
	SPLITPANELS

// func belowF64NEON(bits, totals, limits unsafe.Pointer, n int)
TEXT ·belowF64NEON(SB), NOSPLIT, $0-32
	BELOW(ROWBITS64, score, done)

// func squaredL2F64NEON(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·squaredL2F64NEON(SB), NOSPLIT, $0-72
	PAIRS(TERMSQUARE, FOLD64, row, partner, block, tail, front0, front1, front2, fold, done)

// func dotF64NEON(out, x, y, idx unsafe.Pointer, n, d, ldo, ldx, ldy int)
TEXT ·dotF64NEON(SB), NOSPLIT, $0-72
	PAIRS(TERMDOT, FOLD64, row, partner, block, tail, front0, front1, front2, fold, done)

// ---- moved ----
//
// The numbers of the rows whose label is not the old one: eight rows at a time
// are passed over when all their labels are the same, else taken one by one,
// without a branch on which ones moved.
//
//	R0  rows    R1  labels    R2  old labels    R3  labels left
//	R4  number of the row     R5  number found  R6, R7 label and old label
//	R8  temporary
//	V0, V1 labels, then comparisons    V2, V3 old labels

// The next row. Its number is written where the next one that moved belongs: at
// R5 ≤ R4, so never past the last row's element.
#define MOVEDROW \
	MOVW.P 4(R1), R6;    \
	MOVW.P 4(R2), R7;    \
	MOVW R4, (R0)(R5<<2);\
	ADD  $1, R4;         \
	CMPW R6, R7;         \
	CINC NE, R5, R5

// func movedNEON(rows, labels, old unsafe.Pointer, n int) (found int)
TEXT ·movedNEON(SB), NOSPLIT, $0-40
	MOVD rows+0(FP), R0
	MOVD labels+8(FP), R1
	MOVD old+16(FP), R2
	MOVD n+24(FP), R3
	MOVD $0, R4
	MOVD $0, R5
	SUBS $8, R3
	BLT  rest
	PCALIGN $16

eight:
	FLDPQ (R1), (F0, F1)
	FLDPQ (R2), (F2, F3)
	VCMEQ V2.S4, V0.S4, V0.S4
	VCMEQ V3.S4, V1.S4, V1.S4
	VADD  V1.S4, V0.S4, V0.S4
	VADDV V0.S4, V0 // −1 for each of the eight that are the same
	FMOVS F0, R8
	CMNW  $8, R8
	BNE   some
	ADD   $32, R1
	ADD   $32, R2
	ADD   $8, R4
	SUBS  $8, R3
	BGE   eight
	JMP   rest

some:
	MOVEDROW
	MOVEDROW
	MOVEDROW
	MOVEDROW
	MOVEDROW
	MOVEDROW
	MOVEDROW
	MOVEDROW
	SUBS $8, R3
	BGE  eight

rest:
	ADDS $8, R3
	BEQ  done

one:
	MOVEDROW
	SUBS $1, R3
	BNE  one

done:
	MOVD R5, found+32(FP)
	RET

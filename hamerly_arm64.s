//go:build !purego

#include "textflag.h"
#include "neon_arm64.h"

// The kernels on Hamerly's bounds (hamerly.go). Operands, and the use of registers,
// are those of kernel_arm64.s.

// ---- unsettled ----
//
// The numbers of the rows whose bounds do not prove their label (Unsettled in hamerly.go),
// eight rows at a time: these are passed over when all are settled, else taken one by one,
// without a branch on which ones are not. The bars of a label are two float32.
//
//	R0  rows    R1  slack    R2  upper    R3  labels    R4  bars    R5  rows left
//	R6  number of the row    R7  number found
//	R8  address of a bar, later a byte for each row, all ones if it is not settled
//	R9  temporary
//	V0…V3 bars, then V4, V5 Slack, Upper
//	V16, V17 bounds  V18 settled rows of the first four    V19 of the other four

// The bars of the row whose label is at byte o, to F.
#define BAR(o, F) \
	MOVW o(R3), R8;                \
	ADD  R8<<3, R4, R8;            \
	FMOVD (R8), F

// The four rows at byte o of labels and bounds: those settled as ones in number s, Vs.
#define FOUR(o, s, Vs) \
	BAR(o, F0);                    \
	BAR(o+4, F1);                  \
	BAR(o+8, F2);                  \
	BAR(o+12, F3);                 \
	FMOVQ o(R1), F16;              \
	FMOVQ o(R2), F17;              \
	VZIP1 V1.D2, V0.D2, V0.D2;     \
	VZIP1 V3.D2, V2.D2, V2.D2;     \
	VUZP1 V2.S4, V0.S4, V4.S4;     \ // Slack
	VUZP2 V2.S4, V0.S4, V5.S4;     \ // Upper
	FCMGT4S(4, 16, s);             \ // slack > Slack, false for NaN
	FCMGT4S(17, 5, 5);             \ // upper < Upper
	VORR V5.B16, Vs.B16, Vs.B16

// Row r of eight. Its number is written where the next one found belongs: at R7 ≤ R6,
// so never past the last row's element.
#define ROW(r) \
	MOVW R6, (R0)(R7<<2);          \
	UBFX $(8*r), R8, $1, R9;       \
	ADD  $1, R6;                   \
	ADD  R9, R7

// func unsettledNEON(rows, slack, upper, labels, bars unsafe.Pointer, n int) (found int)
TEXT ·unsettledNEON(SB), NOSPLIT, $0-56
	MOVD rows+0(FP), R0
	MOVD slack+8(FP), R1
	MOVD upper+16(FP), R2
	MOVD labels+24(FP), R3
	MOVD bars+32(FP), R4
	MOVD n+40(FP), R5
	MOVD $0, R6
	MOVD $0, R7
	SUBS $8, R5
	BLT  done
	PCALIGN $16

eight:
	FOUR(0, 18, V18)
	FOUR(16, 19, V19)
	ADD   $32, R1
	ADD   $32, R2
	ADD   $32, R3
	VUZP1 V19.H8, V18.H8, V18.H8 // 16, then 8 bits of each row
	VUZP1 V18.B16, V18.B16, V18.B16
	FMOVD F18, R8
	MVN   R8, R8
	CBZ   R8, settled
	ROW(0)
	ROW(1)
	ROW(2)
	ROW(3)
	ROW(4)
	ROW(5)
	ROW(6)
	ROW(7)
	SUBS  $8, R5
	BGE   eight
	JMP   done

settled:
	ADD  $8, R6
	SUBS $8, R5
	BGE  eight

done:
	MOVD R7, found+48(FP)
	RET

// ---- bounds ----
//
// Bounds of roots of float32 (Bounds in hamerly.go), eight at a time.
//
//	R0 upper    R1 lower    R2 own    R3 other    R4 roots left    R5 temporary
//	V0, V1 upper    V2, V3 lower
//	V28 up    V29 down    V30 slack    V31 the largest lower bound

// func boundsF32NEON(upper, lower, own, other unsafe.Pointer, n int, up, down, slack float32)
TEXT ·boundsF32NEON(SB), NOSPLIT, $0-52
	MOVD upper+0(FP), R0
	MOVD lower+8(FP), R1
	MOVD own+16(FP), R2
	MOVD other+24(FP), R3
	MOVD n+32(FP), R4
	FMOVS up+40(FP), F28
	VDUP V28.S[0], V28.S4
	FMOVS down+44(FP), F29
	VDUP V29.S[0], V29.S4
	FMOVS slack+48(FP), F30
	VDUP V30.S[0], V30.S4
	MOVD $0x7EFFFFFF, R5 // half the largest float32
	VDUP R5, V31.S4
	SUBS $8, R4
	BLT  done
	PCALIGN $16

eight:
	FLDPQ.P 32(R2), (F0, F1)
	FLDPQ.P 32(R3), (F2, F3)
	FSQRT4S(0, 0)
	FSQRT4S(1, 1)
	FSQRT4S(2, 2)
	FSQRT4S(3, 3)
	FMUL4S(28, 0, 0)
	FMUL4S(28, 1, 1)
	FMUL4S(29, 2, 2)
	FMUL4S(29, 3, 3)
	FADD4S(30, 0, 0)
	FADD4S(30, 1, 1)
	FSUB4S(30, 2, 2)
	FSUB4S(30, 3, 3)
	FMIN4S(31, 2, 2) // a NaN stays
	FMIN4S(31, 3, 3)
	FSTPQ.P (F0, F1), 32(R0)
	FSTPQ.P (F2, F3), 32(R1)
	SUBS $8, R4
	BGE  eight

done:
	RET

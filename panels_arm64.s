//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "funcdata.h"

// Whole panels of rows, one after the other, in one call: pack, nearest and
// settle without the way through Go between them. For centers in one block and
// one run of columns.
//
//	R19 the call, a panelCall: its pointers stay, for one past the end of a slice
//	    would be none to the garbage collector; offsets move from panel to panel.
//	    pack, nearest and settle leave R19 alone
//	R0…R2  temporaries
//
// The frame begins with the return address; arguments of the three are from
// 8(RSP) on.

#define COPY(from, to) \
	MOVD from(R19), R0;      \
	MOVD R0, to(RSP)

#define COPYAT(from, offset, to) \
	MOVD from(R19), R0;      \
	MOVD offset(R19), R1;    \
	ADD  R1, R0, R0;         \
	MOVD R0, to(RSP)

// An offset by what R0 has, to the next panel.
#define ADVANCE(offset) \
	MOVD offset(R19), R1;    \
	ADD  R0, R1, R1;         \
	MOVD R1, offset(R19)

#define PANELS(PACK, NEAREST, SETTLE, panel, one) \
	MOVD call+0(FP), R19;    \
panel: \
	COPY(panelCall_panel, 8);                            \
	COPYAT(panelCall_norms, panelCall_numbersAt, 16);    \
	COPYAT(panelCall_x, panelCall_rowsAt, 24);           \
	COPY(panelCall_shift, 32);                           \
	COPY(panelCall_rows, 40);                            \
	COPY(panelCall_ld, 48);                              \
	COPY(panelCall_columns, 56);                         \
	CALL PACK;                                           \
	COPY(panelCall_state, 8);                            \
	COPY(panelCall_panel, 16);                           \
	COPY((panelCall_calledGroups+calledGroups_groups), 24); \
	MOVD ZR, 32(RSP);                                    \ // no totals
	COPY((panelCall_calledGroups+calledGroups_count), 40); \
	COPY((panelCall_calledGroups+calledGroups_size), 48); \
	COPY((panelCall_calledGroups+calledGroups_depth), 56); \
	MOVD ZR, 64(RSP);                                    \ // one run
	MOVD ZR, 72(RSP);                                    \ // nothing ahead
	MOVD ZR, 80(RSP);                                    \
	CALL NEAREST;                                        \
	MOVD (panelCall_calledGroups+calledGroups_smallerCount)(R19), R0; \
	CBZ  R0, one;                                        \
	MOVD R0, 40(RSP);                                    \
	COPY((panelCall_calledGroups+calledGroups_smaller), 24); \ // groups of one center less
	COPY((panelCall_calledGroups+calledGroups_smallerSize), 48); \
	CALL NEAREST;                                        \
one: \
	COPYAT(panelCall_labels, panelCall_labelsAt, 8);     \
	COPYAT(panelCall_next, panelCall_numbersAt, 16);     \
	COPY(panelCall_state, 24);                           \
	COPYAT(panelCall_norms, panelCall_numbersAt, 32);    \
	COPY(panelCall_bound, 40);                           \
	CALL SETTLE;                                         \
	MOVD panelCall_settled(R19), R0;                     \
	MOVD panelCall_settledAt(R19), R1;                   \
	MOVD 48(RSP), R2;                                    \
	MOVD R2, (R0)(R1);                                   \ // settled rows
	MOVD $8, R0;                                         \
	ADVANCE(panelCall_settledAt);                        \
	MOVD panelCall_rows(R19), R0;                        \
	LSL  $2, R0, R0;                                     \
	ADVANCE(panelCall_labelsAt);                         \
	MOVD panelCall_bytes(R19), R0;                       \
	ADVANCE(panelCall_rowsAt);                           \
	MOVD panelCall_numbers(R19), R0;                     \
	ADVANCE(panelCall_numbersAt);                        \
	MOVD panelCall_panels(R19), R0;                      \
	SUBS $1, R0, R0;                                     \
	MOVD R0, panelCall_panels(R19);                      \
	BNE  panel;                                          \
	RET

// func panelsF32NEON(call unsafe.Pointer)
TEXT ·panelsF32NEON(SB), 0, $88-8
	NO_LOCAL_POINTERS
	PANELS(·packF32NEON(SB), ·nearestF32NEON(SB), ·settleF32NEON(SB), panel, one)

// func panelsF64NEON(call unsafe.Pointer)
TEXT ·panelsF64NEON(SB), 0, $88-8
	NO_LOCAL_POINTERS
	PANELS(·packF64NEON(SB), ·nearestF64NEON(SB), ·settleF64NEON(SB), panel, one)

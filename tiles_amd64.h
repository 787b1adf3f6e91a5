// What the tiles routines of all levels have in common: see tiles_amd64.s.

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

DATA tileSign<>+0(SB)/4, $0x7FFFFFFF
GLOBL tileSign<>(SB), RODATA|NOPTR, $4
DATA tileOff<>+0(SB)/4, $0x35800000 // 2⁻²⁰
GLOBL tileOff<>(SB), RODATA|NOPTR, $4
DATA tileMost<>+0(SB)/4, $0x437E0000 // 254
GLOBL tileMost<>(SB), RODATA|NOPTR, $4

// The arguments.
#define ARGUMENTS \
	MOVQ call+0(FP), DI;          \
	MOVQ call_tiles(DI), R9;      \
	MOVQ call_idx(DI), R10;       \
	MOVQ call_gaps(DI), R11;      \
	MOVQ call_took(DI), R12;      \
	MOVQ call_bytes(DI), DX

// The addresses of the pair whose tile and center are at TILE and CENTER.
#define PAIR(TILE, CENTER) \
	MOVLQSX TILE, R13;            \
	MOVLQSX CENTER, R8;           \
	MOVQ    R13, SI;              \
	IMULQ   call_tile(DI), SI;    \
	IMULQ   call_ld(DI), R8;      \
	ADDQ    call_data(DI), SI;    \
	ADDQ    call_centers(DI), R8; \
	SHLQ    $6, R13

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU return, the memory: what protocol.pml takes for single accesses, with the
 * write buffers and caches that lie between them. One CPU stays in the OS (0);
 * it releases two others (1, 2) and waits until they are back, for ever.
 *
 * What can be seen:
 *
 *  - A store waits in a write buffer. Stores to different locations leave it in
 *    any order, and only DSB waits for them. Cache maintenance likewise: it
 *    follows the stores of its CPU to that line, and is complete at a DSB.
 *  - The caches of the CPUs are coherent with each other, so that they are one
 *    cache. A line is filled, cleaned or dropped at any time (speculation,
 *    eviction); a line that is not dirty is not written to memory. A dirty one
 *    is written as a whole.
 *  - With the MMU off a CPU reads and writes memory, whatever is in the cache.
 *    What it has in its write buffer goes where it was meant to go.
 *  - A CPU that executes WFE sleeps until its event register is set.
 *
 * Loads are executed in order: where their order matters there is a DSB between
 * them, or a control dependency with an ISB; see litmus/.
 *
 *	-DFW_CACHED	firmware uses its caches, and is in the coherency domain
 *	-DFW_OWN_CACHE	firmware uses its cache, outside of the coherency domain
 *	-DMUT_...	a mistake, see README.md; each is caught by one property
 */
#define CPUS	3
#define OS	0

/* Locations, each in a line of its own */
#define EXPECTED	0
#define WORD(cpu)	(cpu)		/* 1, 2: release words */
#define DATA(cpu)	(2 + (cpu))	/* 3, 4: OS memory that this CPU writes */
#define LOCS		5

/* Values */
#define IN_FIRMWARE	0
#define GO		3		/* in a word */
#define NOBODY		0		/* in EXPECTED: a CPU or none */

byte memory[LOCS];
byte cache[LOCS];
bool valid[LOCS];
bool dirty[LOCS];

#define NONE		0
#define CACHED		8
#define UNCACHED	16
#define CLEAN_INVAL	1
#define INVAL		2

byte store[CPUS * LOCS];	/* NONE, or CACHED or UNCACHED with a value */
byte maint[CPUS * LOCS];	/* NONE, CLEAN_INVAL, INVAL */
bool event[CPUS];		/* event registers */
byte own[CPUS];			/* FW_OWN_CACHE: the word, as firmware has it */
#define NOT_OWN		7

/* Seen by the properties alone */
bool in_fw[CPUS];	/* the 0 is visible, no release is */
bool owed[CPUS];	/* released, not yet started */
bool reused[CPUS];	/* the OS has given DATA(cpu) to somebody else */
byte wanted;		/* who is waited for: from the release until it is given up */
byte let_in;		/* the same, until the entry check is known to be closed */

/* The properties, as in protocol.pml */
bool ran_after_ack;	/* an access to OS memory after the acknowledgement */
bool data_lost;		/* what was in a cache is written over memory that is reused */
bool word_lost;		/* a word is not what was last written to it */
bool started_twice;	/* a CPU starts that was not released since it returned */
bool turned_away;	/* a CPU that is waited for does not get past the entry check */
bool entered_unwanted;	/* a CPU gets past it and nobody waits for it */

#define HOLDS(property, formula)	property = !(formula); assert(!property)

/* A CPU that was released starts, however it waits for that */
ltl releases_end { !<>[] owed[1] && !<>[] owed[2] }

#ifdef MUT_SHARED_GRANULE
#define LINE(loc)	((loc) - ((loc) == WORD(2)))	/* both words in that of WORD(1) */
#else
#define LINE(loc)	(loc)
#endif

#define AT(cpu, loc)	((cpu) * LOCS + (loc))

inline fill(line)
{
	valid[line] = true;
	cache[line] = memory[line];
#ifdef MUT_SHARED_GRANULE
	if
	:: line == WORD(1) -> cache[WORD(2)] = memory[WORD(2)]
	:: else
	fi
#endif
}

inline write_back(line)
{
	memory[line] = cache[line];
	dirty[line] = false;
#ifdef MUT_SHARED_GRANULE
	if
	:: line == WORD(1) -> memory[WORD(2)] = cache[WORD(2)]
	:: else
	fi;
#endif
	HOLDS(data_lost, !(line == DATA(1) && reused[1]) && !(line == DATA(2) && reused[2]))
}

inline drop(line)
{
	valid[line] = false;
	dirty[line] = false;
	cache[line] = 0;
#ifdef MUT_SHARED_GRANULE
	if
	:: line == WORD(1) -> cache[WORD(2)] = 0
	:: else
	fi
#endif
}

/* Neither the 0 of a CPU that is in firmware nor its next release is undone. */
#define IS(loc)		(dirty[LINE(loc)] -> cache[loc] : memory[loc])
#define WORDS_KEPT	((!in_fw[1] || IS(WORD(1)) == IN_FIRMWARE) && \
			 (!in_fw[2] || IS(WORD(2)) == IN_FIRMWARE))

/*
 * Instructions
 */
inline st(cpu, loc, how, value)
{
	atomic { store[AT(cpu, loc)] == NONE -> store[AT(cpu, loc)] = (how) + (value) }
}

inline dc(cpu, loc, what)
{
	atomic { maint[AT(cpu, LINE(loc))] == NONE -> maint[AT(cpu, LINE(loc))] = what }
}

#define DONE(cpu, loc)	(store[AT(cpu, loc)] == NONE && maint[AT(cpu, loc)] == NONE)
#define dsb(cpu)	(DONE(cpu, 0) && DONE(cpu, 1) && DONE(cpu, 2) && DONE(cpu, 3) && DONE(cpu, 4))

/* Cacheable load; the CPUs here never load what they have just stored. */
inline ld(loc, to)
{
	if
	:: valid[LINE(loc)]
	:: else -> fill(LINE(loc))
	fi;
	to = cache[loc]
}

#define sev()	event[1] = true; event[2] = true

/*
 * Whatever leaves the write buffer of one CPU
 */
inline leave_buffer(cpu, loc)
{
	if
	:: store[AT(cpu, loc)] >= UNCACHED ->
		memory[loc] = store[AT(cpu, loc)] - UNCACHED
	:: else ->
		if
		:: valid[LINE(loc)]
		:: else -> fill(LINE(loc))
		fi;
		cache[loc] = store[AT(cpu, loc)] - CACHED;
		dirty[LINE(loc)] = true
	fi;
	HOLDS(ran_after_ack, cpu == OS || loc == WORD(cpu) || !in_fw[cpu]);
	if
	:: loc == WORD(1) || loc == WORD(2) -> in_fw[loc] = (cpu != OS)
	:: else
	fi;
	store[AT(cpu, loc)] = NONE
}

inline maintain(cpu, line)
{
	if
	:: maint[AT(cpu, line)] == CLEAN_INVAL && dirty[line] -> write_back(line)
	:: else
	fi;
	drop(line);
	maint[AT(cpu, line)] = NONE;
	HOLDS(word_lost, WORDS_KEPT)
}

#ifdef MUT_SHARED_GRANULE
#define STORES_DONE(cpu, line)	(store[AT(cpu, line)] == NONE && \
				 (line != WORD(1) || store[AT(cpu, WORD(2))] == NONE))
#else
#define STORES_DONE(cpu, line)	(store[AT(cpu, line)] == NONE)
#endif

#define BUFFERED(loc)								\
	:: atomic { store[AT(me, loc)] != NONE -> leave_buffer(me, loc) }	\
	:: atomic { maint[AT(me, loc)] != NONE && STORES_DONE(me, loc) -> maintain(me, loc) }

proctype buffer(byte me)
{
end:	do
	BUFFERED(EXPECTED)
	BUFFERED(WORD(1))
	BUFFERED(WORD(2))
	BUFFERED(DATA(1))
	BUFFERED(DATA(2))
	od
}

/*
 * What caches do on their own
 */
#define ON_ITS_OWN(line)						\
	:: atomic { dirty[line] -> write_back(line); HOLDS(word_lost, WORDS_KEPT) } \
	:: atomic { valid[line] && !dirty[line] -> drop(line) }
#define SPECULATION(line)						\
	:: atomic { !valid[line] -> fill(line) }

proctype caches()
{
end:	do
	ON_ITS_OWN(EXPECTED)
	SPECULATION(EXPECTED)
	ON_ITS_OWN(WORD(1))
	SPECULATION(WORD(1))
#ifndef MUT_SHARED_GRANULE
	ON_ITS_OWN(WORD(2))
	SPECULATION(WORD(2))
#endif
	ON_ITS_OWN(DATA(1))
	ON_ITS_OWN(DATA(2))
#ifdef FW_OWN_CACHE
	:: atomic { own[1] == NOT_OWN -> own[1] = memory[WORD(1)] }
	:: atomic { own[1] != NOT_OWN -> own[1] = NOT_OWN }
	:: atomic { own[2] == NOT_OWN -> own[2] = memory[WORD(2)] }
	:: atomic { own[2] != NOT_OWN -> own[2] = NOT_OWN }
#endif
	od
}

/*
 * A CPU that goes to and fro
 */
proctype cpu(byte me)
{
	byte value;

	/* firmware: "wfe; ldr" until there is something */
firmware:
#if defined(FW_OWN_CACHE)
	/* no WFE: firmware without coherency hears no SEV */
	atomic {
#ifndef MUT_FW_NO_INVALIDATE
		memory[WORD(me)] != IN_FIRMWARE -> own[me] = memory[WORD(me)];
#else
		own[me] != NOT_OWN && own[me] != IN_FIRMWARE ->
#endif
		own[me] = NOT_OWN		/* on its way into the domain */
	};
#else
	atomic { event[me] -> event[me] = false };
	atomic {
#ifdef FW_CACHED
		ld(WORD(me), value);
#else
		value = memory[WORD(me)];
#endif
		if
		:: value == IN_FIRMWARE -> goto firmware
		:: else
		fi
	};
#endif
	atomic {
		HOLDS(started_twice, owed[me]);
		owed[me] = false;
		value = 0
	};
	/* IC IALLU, DSB, ISB, BR; spin_table_secondary_entry reads with the MMU off */
	atomic {
		if
		:: memory[EXPECTED] == me -> HOLDS(entered_unwanted, let_in == me)
		:: else -> HOLDS(turned_away, wanted != me)
		fi
	};
	/* the OS, until it branches to the return address */
	st(me, DATA(me), CACHED, 1);

	/* firmware, "dsb sy; str; dsb sy; sev" */
#ifndef MUT_ACK_WITHOUT_BARRIER
	dsb(me);
#endif
#if defined(FW_CACHED)
	st(me, WORD(me), CACHED, IN_FIRMWARE);
	dc(me, WORD(me), CLEAN_INVAL);
#elif defined(FW_OWN_CACHE)
	/* leaves the domain first, then cleans the word to memory */
	atomic { own[me] = IN_FIRMWARE; st(me, WORD(me), UNCACHED, IN_FIRMWARE) };
#else
	st(me, WORD(me), UNCACHED, IN_FIRMWARE);
#endif
	dsb(me);
	atomic { sev(); goto firmware }
}

/*
 * The OS, on the CPU that stays
 */
proctype os()
{
	byte t;
	byte value;
	bool back[CPUS];	/* the word was read as 0, and not written since */

	back[1] = true;
	back[2] = true;
again:
	if
	:: t = 1
	:: t = 2
	fi;
	if
	:: back[t] -> goto release
	:: else
	fi;

	/* spin_table_read(); the loop that polls is this one */
#ifdef MUT_OS_INVALIDATES
	dc(OS, WORD(t), INVAL);
#else
	dc(OS, WORD(t), CLEAN_INVAL);
#endif
	dsb(OS);
	atomic {
		ld(WORD(t), value);
		if
		:: value != IN_FIRMWARE -> goto again
		:: else -> back[t] = true
		fi
	};
	/* The next OS makes its image visible before it is entered with the MMU off. */
#ifndef MUT_REUSE_WITHOUT_CLEAN
	dc(OS, DATA(t), CLEAN_INVAL);
	dsb(OS);
#endif
	reused[t] = true;
	goto again;

release:
	/* spin_table_cpu_release() */
#ifndef MUT_EXPECTED_NOT_CLEANED
	st(OS, EXPECTED, CACHED, t);
	dc(OS, EXPECTED, CLEAN_INVAL);
#ifndef MUT_EXPECTED_WITHOUT_BARRIER
	dsb(OS);
#endif
#else
	st(OS, EXPECTED, CACHED, t);
	dsb(OS);
#endif
	atomic { wanted = t; let_in = t; reused[t] = false; owed[t] = true; back[t] = false };
	st(OS, WORD(t), CACHED, GO);
#ifndef MUT_WORD_NOT_CLEANED
	dc(OS, WORD(t), CLEAN_INVAL);
#endif
#ifndef MUT_SEV_WITHOUT_BARRIER
	dsb(OS);
#endif
	atomic { sev() };
	dsb(OS);

	/* It arrives, or is given up; either way nobody is let in after it. */
	wanted = OS;
	st(OS, EXPECTED, CACHED, NOBODY);
	dc(OS, EXPECTED, CLEAN_INVAL);
	dsb(OS);
	let_in = OS;
	goto again
}

init
{
	atomic {
		in_fw[1] = true;
		in_fw[2] = true;
		own[1] = NOT_OWN;
		own[2] = NOT_OWN;
		sev();	/* SEVL before the first WFE */
		run os();
		run cpu(1);
		run cpu(2);
		run buffer(0);
		run buffer(1);
		run buffer(2);
		run caches()
	}
}

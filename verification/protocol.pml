/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU return, the protocol: three CPUs, firmware, and two operating systems of
 * which the second follows the first by kexec or after a crash.
 *
 * Documentation/arch/arm64/cpu-return.rst is the contract; the OS side is
 * arch/arm64/kernel/smp_spin_table_return.c and what calls it. A CPU is one
 * process and is either in firmware or in an OS, as a real one. Memory is
 * sequentially consistent here, and a step is one access: that the accesses may
 * be taken so is what memory.pml is about.
 *
 * Nothing is counted: CPUs are taken offline, brought up and lost any number of
 * times, in any order, and a wait may time out whenever it has begun.
 *
 *	-DMUT_...	a mistake, see README.md; each is caught by one property
 *	-DLIMIT_...	an assumption is dropped; the properties no longer hold
 *	-DFW_SPURIOUS	firmware starts CPUs that nobody released
 */
#define N		3
#define BOOT_CPU	0
#define NOBODY		N
#define STOPPED		(N + 1)

/* A release word: 0, the boot CPU's 1, or the entry point of OS 0 or OS 1. */
#define IN_FIRMWARE	0
#define NEVER_RELEASED	1
#define ENTRY(os)	(2 + (os))

byte word[N];

/* Memory of each OS */
byte expected[2] = NOBODY;	/* spin_table_expected.hwid */
byte task[2] = NOBODY;		/* secondary_data.task: whose stack is handed out */
byte lock[2] = NOBODY;		/* who holds the CPU hotplug lock; STOPPED: one who won't release it */
bool online[2 * N];
bool dying[N];			/* told to go by hotplug, */
bool stop[N];			/* by the stop IPI of OS 0 */
bool crashed;			/* OS 0 did; a second crash finds nobody to tell */

/*
 * The rest is seen by the properties alone, and by assumptions about time.
 */
byte inside[N] = NOBODY;	/* whose memory the CPU executes, reads, writes */
bool in_fw[N];			/* acknowledged, or never left, and not released */
bool owed[N];			/* released, not yet started */
bool going[N];			/* told to go and able to, not yet acknowledged */
bool waiting[N];		/* for another CPU */
bool passing[N];		/* past the entry check, not yet in postboot */
byte wanted[2] = NOBODY;	/* who is being brought up, by an OS that is alive */
bool overwritten;		/* memory of OS 0 is the next OS's now */
bool next;			/* OS 1 runs */

/*
 * The properties. Each is a variable that becomes true where it is broken, so
 * that what the verifier prints names it.
 */
bool memory_in_use;	/* an OS reuses memory while a CPU is in it */
bool ran_after_ack;		/* a word is 0 while its CPU is in an OS */
bool released_twice;	/* a word is written whose CPU is not in firmware */
bool started_twice;	/* a CPU starts that was not released since it returned */
bool wrong_stack;	/* a CPU runs on a stack that is not its own */
bool entered_unwanted;	/* a CPU gets past the entry check and nobody waits for it */
bool turned_away;	/* a CPU that is waited for does not get past it */

#define HOLDS(property, formula)	property = !(formula); assert(!property)

/*
 * Firmware that starts CPUs of its own accord breaks these by itself. What must
 * hold then is that no such CPU gets past the entry check.
 */
#ifdef FW_SPURIOUS
#define KEPT(property, formula)		skip
#else
#define KEPT(property, formula)		HOLDS(property, formula)
#endif

/*
 * Every wait ends: for a CPU to come up, to leave, to stop; for firmware to take
 * a CPU that is able to leave; for firmware to start a CPU that was released.
 * Under weak fairness: a CPU that can take a step takes one some time.
 */
#define NOT_FOREVER(flag)	(!<>[] flag[0] && !<>[] flag[1] && !<>[] flag[2])
ltl os_waits_end	{ NOT_FOREVER(waiting) }
ltl hand_overs_end	{ NOT_FOREVER(going) }
ltl releases_end	{ NOT_FOREVER(owed) }

/*
 * Assumption 1: a CPU that gets past the entry check just before bring-up is
 * given up has read its task and gone through postboot, which takes it
 * microseconds, before the next bring-up begins.
 */
#ifdef LIMIT_SLOW_ENTRY
#define NEXT_MAY_BEGIN(cpu)	true
#else
#define NEXT_MAY_BEGIN(cpu)	!passing[cpu]
#endif

/*
 * Assumption 2: a CPU that has not heeded the stop IPI in time (1 s) does no
 * more CPU hotplug in the crashed OS.
 */
#ifdef LIMIT_SLOW_STOP
#define MAY_GO_ON	true
#else
#define MAY_GO_ON	(lock[0] == NOBODY || lock[0] == me || lock[0] == STOPPED)
#endif

#define ON(os, cpu)	online[(os) * N + (cpu)]
#define ALONE(os, cpu)	(!ON(os, (cpu + 1) % N) && !ON(os, (cpu + 2) % N))

/*
 * Between any two steps of an OS that runs with interrupts enabled. The first
 * OS crashes at most once: a second crash finds nobody to tell.
 */
#define OR_INTERRUPTED				\
	:: os == 0 && stop[me] -> goto stopped	\
	:: atomic { os == 0 && !crashed -> crashed = true; goto crash }

proctype cpu(byte me)
{
	byte os;	/* that this CPU executes */
	byte other;	/* CPU that it takes offline or brings up */

	if
	:: me == BOOT_CPU -> goto running
	:: else -> goto firmware
	fi;

	/*
	 * Firmware reads the word, with WFE, until there is an address in it.
	 */
end_firmware:
firmware:
	if
	:: atomic { word[me] >= ENTRY(0) -> os = word[me] - ENTRY(0) }
#ifdef FW_SPURIOUS
	:: atomic { !overwritten -> os = 0 }
	:: atomic { next -> os = 1 }
#endif
	fi;
start:
	atomic {
		KEPT(started_twice, owed[me]);
		owed[me] = false;
		inside[me] = os;
		KEPT(memory_in_use, !(os == 0 && overwritten));
#ifdef MUT_FW_CLEARS_AT_START
		word[me] = IN_FIRMWARE;
#endif
		KEPT(ran_after_ack, word[me] != IN_FIRMWARE)
	};

	/*
	 * spin_table_secondary_entry, MMU off, interrupts masked
	 */
	atomic {
		if
#ifdef MUT_NO_ENTRY_CHECK
		:: true ->
#else
		:: expected[os] == me ->
#endif
			passing[me] = true;
			HOLDS(entered_unwanted, wanted[os] == me)
		:: else ->
			KEPT(turned_away, wanted[os] != me || (os == 0 && crashed));
			goto leave
		fi
	};

	/* secondary_entry, __secondary_switched */
	atomic {
		HOLDS(wrong_stack, task[os] == me || task[os] == NOBODY);
		if
		:: task[os] == NOBODY -> goto hang	/* __secondary_too_slow */
		:: else
		fi
	};

	/* cpu_postboot(): the door is closed, unless it is another's turn */
	if
	:: expected[os] == me -> expected[os] = NOBODY
	:: else
	fi;
	if
	:: atomic { passing[me] = false; ON(os, me) = true }
	:: goto hang	/* a CPU may die before */
	fi;

	/*
	 * The OS. What nobody else can look at in between is one step.
	 */
end_running:
running:
	if
	:: dying[me] -> goto die
	:: atomic {
		lock[os] == NOBODY && !(os == 0 && crashed) -> lock[os] = me;
		if
		:: other = (me + 1) % N
		:: other = (me + 2) % N
#ifndef FW_SPURIOUS
		/* it would start CPUs at an address that is no entry any more */
		:: os == 0 && ALONE(0, me) -> goto kexec
#endif
		fi;
		if
		:: !ON(os, other) -> task[os] = other; goto bring_up
		:: ON(os, other) && word[other] != IN_FIRMWARE ->
			dying[other] = true;
			goto offline
		:: else -> goto unlock	/* not reached: cpu_disable() refuses */
		fi
	   }
	OR_INTERRUPTED
	fi;

	/*
	 * cpu_down(). The hotplug core has seen to it that the other CPU is on
	 * its way before it calls cpu_kill().
	 */
offline:
	if
	:: atomic { !dying[other] -> waiting[me] = true }
	OR_INTERRUPTED
	fi;
	if
	:: atomic {
#ifdef MUT_KILL_DOES_NOT_WAIT
		true ->
#else
		word[other] == IN_FIRMWARE ->
#endif
		/* its stack, its idle task, its data are used again */
		KEPT(memory_in_use, inside[other] != os);
		goto unlock
	   }
#ifndef MUT_KILL_WAITS_FOREVER
	:: goto unlock		/* -ETIMEDOUT: stuck */
#endif
	OR_INTERRUPTED
	fi;

	/*
	 * cpu_up(), spin_table_cpu_release()
	 */
bring_up:
#ifndef MUT_RELEASE_UNREAD
	if
	:: word[other] != IN_FIRMWARE -> goto unlock	/* -EPERM */
	:: word[other] == IN_FIRMWARE
	OR_INTERRUPTED
	fi;
#endif
#ifndef MUT_EXPECTED_AFTER_WORD
	if
	:: atomic { expected[os] = other; wanted[os] = other }
	OR_INTERRUPTED
	fi;
#endif
	if
	:: atomic {
		KEPT(released_twice, in_fw[other]);
		in_fw[other] = false;
		owed[other] = true;
		word[other] = ENTRY(os);
		wanted[os] = other;
		waiting[me] = true
	   }
	OR_INTERRUPTED
	fi;
#ifdef MUT_EXPECTED_AFTER_WORD
	if
	:: expected[os] = other
	OR_INTERRUPTED
	fi;
#endif
	if
	:: atomic { ON(os, other) -> wanted[os] = NOBODY; goto unlock }
	:: waiting[me] = false
	OR_INTERRUPTED
	fi;
	/* It did not come, and need not come any more: cpu_cancel(). */
	if
	:: atomic {
#ifndef MUT_GIVE_UP_STAYS_OPEN
		if
		:: expected[os] == other -> expected[os] = NOBODY
		:: else
		fi;
#endif
		wanted[os] = NOBODY
	   }
	OR_INTERRUPTED
	fi;
	if
	:: task[os] = NOBODY
	OR_INTERRUPTED
	fi;
	if
	:: NEXT_MAY_BEGIN(other)
	OR_INTERRUPTED
	fi;

unlock:
	atomic { waiting[me] = false; other = 0; lock[os] = NOBODY; goto running };

#ifndef FW_SPURIOUS
	/*
	 * kexec on the last CPU that is online. have_cpu_die() asks
	 * cpu_can_leave() for each of the others, one after the other.
	 */
kexec:
#ifndef MUT_KEXEC_UNASKED
	if
	:: word[(me + 1) % N] != IN_FIRMWARE -> goto unlock
	:: word[(me + 1) % N] == IN_FIRMWARE
	OR_INTERRUPTED
	fi;
	if
	:: word[(me + 2) % N] != IN_FIRMWARE -> goto unlock
	:: word[(me + 2) % N] == IN_FIRMWARE
	OR_INTERRUPTED
	fi;
#endif
	atomic {
		HOLDS(memory_in_use, inside[(me + 1) % N] != 0 && inside[(me + 2) % N] != 0);
		overwritten = true;
		goto next_os
	};
#endif

	/*
	 * A crash on this CPU: machine_crash_shutdown(), then the crash kernel,
	 * which runs in memory of its own and leaves that of OS 0 alone.
	 */
crash:
	atomic {
#ifndef MUT_CRASH_STAYS_OPEN
		/* cpu_cancel(): one that is not online yet will get no IPI */
		expected[0] = NOBODY;
#endif
		stop[(me + 1) % N] = ON(0, (me + 1) % N);
		stop[(me + 2) % N] = ON(0, (me + 2) % N);
		waiting[me] = true
	};
	atomic {
#ifdef MUT_STOP_WAITS_FOREVER
		ALONE(0, me) && MAY_GO_ON ->
#else
		MAY_GO_ON ->
#endif
		waiting[me] = false;
#if !defined(MUT_CRASH_STAYS_OPEN) && !defined(MUT_CRASH_CLOSES_ONCE)
		/*
		 * Once more: one that was not stopped yet may have been about
		 * to bring another one up.
		 */
		expected[0] = NOBODY;
#endif
		wanted[0] = NOBODY
	};

next_os:
	atomic {
		/* OS 0 does nothing any more that would need these */
		lock[0] = NOBODY;
		task[0] = NOBODY;
		ON(0, 0) = false;
		ON(0, 1) = false;
		ON(0, 2) = false;
		dying[me] = false;

		os = 1;
		other = 0;
		inside[me] = 1;
		next = true;
		ON(1, me) = true;
		goto running
	};

	/*
	 * The ways out
	 */
die:
	/* cpu_disable(); the hotplug core hears that the CPU is on its way */
	atomic {
		ON(os, me) = false;
		dying[me] = false;
		goto leave
	};

stopped:
	/*
	 * ipi_cpu_crash_stop(). A CPU that does not heed it is as one that hangs,
	 * and so is one that cannot be returned as its word is 0.
	 */
	if
	:: goto hang
	:: atomic {
		word[me] != IN_FIRMWARE -> ON(0, me) = false;
		waiting[me] = false;
		if
		:: lock[0] == me -> lock[0] = STOPPED
		:: else
		fi
	   }
	fi;

leave:
	/* spin_table_cpu_die(), or the end of spin_table_secondary_entry */
	atomic { other = 0; going[me] = true };
#ifdef MUT_ACK_BEFORE_LAST_ACCESS
	word[me] = IN_FIRMWARE;
#endif
	if
	:: atomic {
		/* the last access; DSB */
		KEPT(ran_after_ack, word[me] != IN_FIRMWARE);
		inside[me] = NOBODY
	   }
	:: goto hang
	fi;
#ifdef MUT_FW_WAITS_FOR_BOOT_CPU
	(me == BOOT_CPU || in_fw[BOOT_CPU]);
#endif
	/* the acknowledgement */
	atomic {
#ifdef MUT_FW_KEEPS_OLD_WORD
		os = word[me] - ENTRY(0);
#endif
		word[me] = IN_FIRMWARE;
		in_fw[me] = true;
		going[me] = false;
		stop[me] = false;
		dying[me] = false;
#ifdef MUT_FW_KEEPS_OLD_WORD
		goto start
#else
		os = 0;
		goto firmware
#endif
	};

	/* Neither comes back nor leaves, and never will. */
hang:
	atomic {
		passing[me] = false;
		waiting[me] = false;
		going[me] = false;
		stop[me] = false;
		if
		:: lock[os] == me -> lock[os] = STOPPED
		:: else
		fi;
		os = 0;
		other = 0
	};
end_hang:
	false
}

init
{
	atomic {
#ifdef MUT_BOOT_WORD_0
		word[BOOT_CPU] = IN_FIRMWARE;
#else
		word[BOOT_CPU] = NEVER_RELEASED;
#endif
		inside[BOOT_CPU] = 0;
		ON(0, BOOT_CPU) = true;
		in_fw[1] = true;
		in_fw[2] = true
	};
	atomic { run cpu(0); run cpu(1); run cpu(2) }
}

/*
 * What the kernel is compared with, in C: the same algorithms with sequentially consistent atomics (the limit that
 * WebAssembly's memory model allows), Concurrency Kit, and pthreads. The loops are those of kernel/workloads.
 *
 *     peers pair NAME PAIRS            one thread acquires and releases: nanoseconds a pair
 *     peers contended NAME THREADS MS  all threads acquire for MS milliseconds: nanoseconds an acquisition
 *     peers barrier NAME THREADS MS    episodes for MS milliseconds: nanoseconds an episode
 *
 * Thread i stays on the i-th core that the process may use.
 */
#define _GNU_SOURCE
#include <ck_barrier.h>
#include <ck_spinlock.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_THREADS 64
#define LINE __attribute__((aligned(128)))

typedef _Atomic unsigned word;

static unsigned threads = 1;
static word LINE stop;
static word LINE ready;
static unsigned long LINE protected_count;
static struct { unsigned long done; double begin, end; } LINE record[MAX_THREADS];

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

/* ---- The kernel's locks, in C: relaxed where the kernel has a plain store, else sequentially consistent ---- */

struct node { _Atomic(struct node *) next; word locked; } LINE;
struct slot { word has_lock; } LINE;

static word LINE tas_word;
static inline void tas_acquire(unsigned me) { (void)me; while (atomic_exchange(&tas_word, 1)) ck_pr_stall(); }
static inline void tas_release(unsigned me) { (void)me; atomic_store(&tas_word, 0); }

static struct { word next_ticket, now_serving; } LINE ticket;
static inline void ticket_acquire(unsigned me)
{
	(void)me;
	unsigned my_ticket = atomic_fetch_add(&ticket.next_ticket, 1);
	while (atomic_load(&ticket.now_serving) != my_ticket) ck_pr_stall();
}
static inline void ticket_release(unsigned me)
{
	(void)me;
	atomic_store(&ticket.now_serving, atomic_load(&ticket.now_serving) + 1);
}

static struct { word next_slot; unsigned mask; } LINE anderson;
static struct slot anderson_slots[MAX_THREADS];
static struct { unsigned my_place; } LINE anderson_private[MAX_THREADS];
static inline void anderson_acquire(unsigned me)
{
	unsigned place = atomic_fetch_add(&anderson.next_slot, 1) & anderson.mask;
	while (!atomic_load(&anderson_slots[place].has_lock)) ck_pr_stall();
	atomic_store_explicit(&anderson_slots[place].has_lock, 0, memory_order_relaxed);
	anderson_private[me].my_place = place;
}
static inline void anderson_release(unsigned me)
{
	atomic_store(&anderson_slots[(anderson_private[me].my_place + 1) & anderson.mask].has_lock, 1);
}

static _Atomic(struct node *) LINE mcs_tail;
static struct node mcs_nodes[MAX_THREADS];
static inline void mcs_acquire(unsigned me)
{
	struct node *I = &mcs_nodes[me];
	atomic_store_explicit(&I->next, NULL, memory_order_relaxed);
	struct node *predecessor = atomic_exchange(&mcs_tail, I);
	if (predecessor) {
		atomic_store_explicit(&I->locked, 1, memory_order_relaxed);
		atomic_store(&predecessor->next, I);
		while (atomic_load(&I->locked)) ck_pr_stall();
	}
}
static inline void mcs_release(unsigned me)
{
	struct node *I = &mcs_nodes[me];
	if (!atomic_load(&I->next)) {
		struct node *expected = I;
		if (atomic_compare_exchange_strong(&mcs_tail, &expected, NULL)) return;
		while (!atomic_load(&I->next)) ck_pr_stall();
	}
	atomic_store(&atomic_load(&I->next)->locked, 0);
}

static struct slot clh_nodes[MAX_THREADS + 1];
static _Atomic(struct slot *) LINE clh_tail;
static struct { struct slot *node, *predecessor; } LINE clh_private[MAX_THREADS];
static inline void clh_acquire(unsigned me)
{
	struct slot *mine = clh_private[me].node;
	atomic_store_explicit(&mine->has_lock, 1, memory_order_relaxed);
	struct slot *before = atomic_exchange(&clh_tail, mine);
	clh_private[me].predecessor = before;
	while (atomic_load(&before->has_lock)) ck_pr_stall();
}
static inline void clh_release(unsigned me)
{
	struct slot *mine = clh_private[me].node;
	clh_private[me].node = clh_private[me].predecessor;
	atomic_store(&mine->has_lock, 0);
}

/* ---- Concurrency Kit and pthreads ---- */

static ck_spinlock_fas_t LINE ck_fas = CK_SPINLOCK_FAS_INITIALIZER;
static inline void ck_fas_acquire(unsigned me) { (void)me; ck_spinlock_fas_lock(&ck_fas); }
static inline void ck_fas_release(unsigned me) { (void)me; ck_spinlock_fas_unlock(&ck_fas); }

static ck_spinlock_ticket_t LINE ck_ticket = CK_SPINLOCK_TICKET_INITIALIZER;
static inline void ck_ticket_acquire(unsigned me) { (void)me; ck_spinlock_ticket_lock(&ck_ticket); }
static inline void ck_ticket_release(unsigned me) { (void)me; ck_spinlock_ticket_unlock(&ck_ticket); }

static ck_spinlock_anderson_t LINE ck_anderson;
static ck_spinlock_anderson_thread_t LINE ck_anderson_slots[MAX_THREADS];
static struct { ck_spinlock_anderson_thread_t *slot; } LINE ck_anderson_private[MAX_THREADS];
static inline void ck_anderson_acquire(unsigned me) { ck_spinlock_anderson_lock(&ck_anderson, &ck_anderson_private[me].slot); }
static inline void ck_anderson_release(unsigned me) { ck_spinlock_anderson_unlock(&ck_anderson, ck_anderson_private[me].slot); }

static ck_spinlock_mcs_t LINE ck_mcs = CK_SPINLOCK_MCS_INITIALIZER;
static struct { ck_spinlock_mcs_context_t node; } LINE ck_mcs_nodes[MAX_THREADS];
static inline void ck_mcs_acquire(unsigned me) { ck_spinlock_mcs_lock(&ck_mcs, &ck_mcs_nodes[me].node); }
static inline void ck_mcs_release(unsigned me) { ck_spinlock_mcs_unlock(&ck_mcs, &ck_mcs_nodes[me].node); }

static struct { ck_spinlock_clh_t node; } LINE ck_clh_nodes[MAX_THREADS + 1];
static ck_spinlock_clh_t *LINE ck_clh;
static struct { ck_spinlock_clh_t *node; } LINE ck_clh_private[MAX_THREADS];
static inline void ck_clh_acquire(unsigned me) { ck_spinlock_clh_lock(&ck_clh, ck_clh_private[me].node); }
static inline void ck_clh_release(unsigned me) { ck_spinlock_clh_unlock(&ck_clh_private[me].node); }

static pthread_mutex_t LINE mutex = PTHREAD_MUTEX_INITIALIZER;
static inline void pthread_acquire(unsigned me) { (void)me; pthread_mutex_lock(&mutex); }
static inline void pthread_release(unsigned me) { (void)me; pthread_mutex_unlock(&mutex); }

static unsigned power_of_two(unsigned n)
{
	unsigned p = 1;
	while (p < n) p *= 2;
	return p;
}

static void prepare_locks(void)
{
	anderson.mask = power_of_two(threads) - 1;
	anderson_slots[0].has_lock = 1;
	ck_spinlock_anderson_init(&ck_anderson, ck_anderson_slots, power_of_two(threads));
	clh_tail = &clh_nodes[MAX_THREADS];
	ck_spinlock_clh_init(&ck_clh, &ck_clh_nodes[MAX_THREADS].node);
	for (unsigned i = 0; i < MAX_THREADS; i++) {
		clh_private[i].node = &clh_nodes[i];
		ck_clh_private[i].node = &ck_clh_nodes[i].node;
	}
}

/* ---- Barriers ---- */

static ck_barrier_centralized_t LINE central = CK_BARRIER_CENTRALIZED_INITIALIZER;
static ck_barrier_dissemination_t LINE dissemination[MAX_THREADS];
static ck_barrier_dissemination_flag_t *dissemination_flags[MAX_THREADS];
static ck_barrier_mcs_t LINE mcs_tree[MAX_THREADS];
static pthread_barrier_t LINE posix;

static void *lines(size_t bytes)
{
	void *memory = aligned_alloc(128, (bytes + 127) / 128 * 128);
	if (!memory) abort();
	return memset(memory, 0, (bytes + 127) / 128 * 128);
}

static void prepare_barriers(void)
{
	for (unsigned i = 0; i < threads; i++) {
		dissemination_flags[i] = lines(sizeof(ck_barrier_dissemination_flag_t) * ck_barrier_dissemination_size(threads));
	}
	ck_barrier_dissemination_init(dissemination, dissemination_flags, threads);
	ck_barrier_mcs_init(mcs_tree, threads);
	pthread_barrier_init(&posix, NULL, threads);
}

/* ---- The kernel's barriers, in C ---- */

static word LINE sr_count;
static word LINE sr_sense = 1;
static inline void sense_reversing(unsigned *local_sense)
{
	*local_sense ^= 1;
	if (atomic_fetch_sub(&sr_count, 1) == 1) {
		atomic_store_explicit(&sr_count, threads, memory_order_relaxed);
		atomic_store(&sr_sense, *local_sense);
	} else {
		while (atomic_load(&sr_sense) != *local_sense) ck_pr_stall();
	}
}

struct diss { struct { word flags[2][8]; } LINE shared; word *partner[2][8]; unsigned parity, sense, rounds; };
static struct diss LINE diss[MAX_THREADS];
static inline void disseminate(struct diss *I)
{
	for (unsigned k = 0; k < I->rounds; k++) {
		atomic_store(I->partner[I->parity][k], I->sense);
		while (atomic_load(&I->shared.flags[I->parity][k]) != I->sense) ck_pr_stall();
	}
	if (I->parity == 1) I->sense ^= 1;
	I->parity ^= 1;
}

static void prepare_kernel_barriers(void)
{
	sr_count = threads;
	for (unsigned i = 0; i < threads; i++) {
		diss[i].sense = 1;
		for (unsigned k = 0; 1u << k < threads; k++) {
			diss[i].rounds = k + 1;
			for (unsigned r = 0; r < 2; r++) diss[i].partner[r][k] = &diss[(i + (1u << k)) % threads].shared.flags[r][k];
		}
	}
}

/* ---- The loops ---- */

static word LINE last_episode = ~0u;

#define LOCK_LOOPS(name)                                                             \
	static void name##_pairs(unsigned me, unsigned long pairs)                   \
	{                                                                            \
		for (unsigned long i = 0; i < pairs; i++) {                          \
			name##_acquire(me);                                          \
			name##_release(me);                                          \
			__asm__ volatile("" ::: "memory");                           \
		}                                                                    \
	}                                                                            \
	static void name##_contended(unsigned me)                                    \
	{                                                                            \
		/* Once at least: a thread may get its first time slice after the end. */ \
		do {                                                                 \
			name##_acquire(me);                                          \
			*(volatile unsigned long *)&protected_count += 1;            \
			name##_release(me);                                          \
			record[me].done++;                                           \
		} while (!atomic_load(&stop));                                       \
	}

LOCK_LOOPS(tas) LOCK_LOOPS(ticket) LOCK_LOOPS(anderson) LOCK_LOOPS(mcs) LOCK_LOOPS(clh)
LOCK_LOOPS(ck_fas) LOCK_LOOPS(ck_ticket) LOCK_LOOPS(ck_anderson) LOCK_LOOPS(ck_mcs) LOCK_LOOPS(ck_clh) LOCK_LOOPS(pthread)

#define BARRIER_LOOP(name, declare, pass)                                            \
	static void name##_episodes(unsigned me)                                     \
	{                                                                            \
		declare;                                                             \
		for (unsigned episode = 0; episode < atomic_load(&last_episode);) {  \
			episode++;                                                   \
			if (me == 0 && atomic_load(&stop)) atomic_store(&last_episode, episode); \
			pass;                                                        \
			record[me].done = episode;                                   \
		}                                                                    \
	}

BARRIER_LOOP(ck_centralized, ck_barrier_centralized_state_t state = CK_BARRIER_CENTRALIZED_STATE_INITIALIZER,
	     ck_barrier_centralized(&central, &state, threads))
BARRIER_LOOP(ck_dissemination, ck_barrier_dissemination_state_t state; ck_barrier_dissemination_subscribe(dissemination, &state),
	     ck_barrier_dissemination(dissemination, &state))
BARRIER_LOOP(ck_mcs_tree, ck_barrier_mcs_state_t state; ck_barrier_mcs_subscribe(mcs_tree, &state),
	     ck_barrier_mcs(mcs_tree, &state))
BARRIER_LOOP(sense_reversing, unsigned local_sense = 1, sense_reversing(&local_sense))
BARRIER_LOOP(dissemination, , disseminate(&diss[me]))
BARRIER_LOOP(pthread_barrier, , pthread_barrier_wait(&posix))

static const struct {
	const char *name;
	void (*pairs)(unsigned, unsigned long);
	void (*run)(unsigned);
} contenders[] = {
	{"test-and-set", tas_pairs, tas_contended},
	{"ticket", ticket_pairs, ticket_contended},
	{"anderson", anderson_pairs, anderson_contended},
	{"mcs", mcs_pairs, mcs_contended},
	{"clh", clh_pairs, clh_contended},
	{"ck-test-and-set", ck_fas_pairs, ck_fas_contended},
	{"ck-ticket", ck_ticket_pairs, ck_ticket_contended},
	{"ck-anderson", ck_anderson_pairs, ck_anderson_contended},
	{"ck-mcs", ck_mcs_pairs, ck_mcs_contended},
	{"ck-clh", ck_clh_pairs, ck_clh_contended},
	{"pthread-mutex", pthread_pairs, pthread_contended},
	{"sense-reversing", NULL, sense_reversing_episodes},
	{"dissemination", NULL, dissemination_episodes},
	{"ck-sense-reversing", NULL, ck_centralized_episodes},
	{"ck-dissemination", NULL, ck_dissemination_episodes},
	{"ck-mcs-tree", NULL, ck_mcs_tree_episodes},
	{"pthread-barrier", NULL, pthread_barrier_episodes},
};

static void (*body)(unsigned);

static cpu_set_t allowed;

static void pin(unsigned me)
{
	cpu_set_t one;
	unsigned turn = me % CPU_COUNT(&allowed);
	for (unsigned core = 0; core < CPU_SETSIZE; core++) {
		if (!CPU_ISSET(core, &allowed) || turn-- != 0) continue;
		CPU_ZERO(&one);
		CPU_SET(core, &one);
		pthread_setaffinity_np(pthread_self(), sizeof one, &one);
		return;
	}
}

static void *run(void *argument)
{
	unsigned me = (unsigned)(size_t)argument;
	pin(me);
	atomic_fetch_add(&ready, 1);
	while (atomic_load(&ready) < threads) ck_pr_stall();
	record[me].begin = now();
	body(me);
	record[me].end = now();
	return NULL;
}

static void *nothing(void *argument) { return argument; }

int main(int count, char **arguments)
{
	sched_getaffinity(0, sizeof allowed, &allowed);
	unsigned c = 0, known = sizeof contenders / sizeof *contenders;
	while (count > 3 && c < known && strcmp(contenders[c].name, arguments[2])) c++;
	if (count < 4 || c == known) {
		fprintf(stderr, "Cannot measure: received %s; expected: peers pair|contended|barrier NAME ...\n", count > 2 ? arguments[2] : "nothing");
		return 2;
	}
	if (!strcmp(arguments[1], "pair")) {
		unsigned long pairs = strtoul(arguments[3], NULL, 10);
		threads = 2;
		prepare_locks();
		pin(0);
		/* glibc's mutex has no atomic operation until a second thread was started. */
		pthread_t second;
		pthread_create(&second, NULL, nothing, NULL);
		pthread_join(second, NULL);
		contenders[c].pairs(0, pairs / 10);
		double begin = now();
		contenders[c].pairs(0, pairs);
		printf("%.4f\n", (now() - begin) / pairs);
		return 0;
	}
	threads = (unsigned)strtoul(arguments[3], NULL, 10);
	if (count < 5 || threads < 1 || threads > MAX_THREADS) {
		fprintf(stderr, "Cannot measure: received %u threads; expected 1 to %d, and milliseconds\n", threads, MAX_THREADS);
		return 2;
	}
	prepare_locks();
	prepare_barriers();
	prepare_kernel_barriers();
	body = contenders[c].run;
	pthread_t thread[MAX_THREADS];
	for (size_t i = 0; i < threads; i++) pthread_create(&thread[i], NULL, run, (void *)i);
	usleep((useconds_t)(atof(arguments[4]) * 1000));
	atomic_store(&stop, 1);
	double begin = 0, end = 0, done = 0;
	for (unsigned i = 0; i < threads; i++) {
		pthread_join(thread[i], NULL);
		if (begin == 0 || record[i].begin < begin) begin = record[i].begin;
		if (record[i].end > end) end = record[i].end;
		done += (double)record[i].done;
	}
	int episodes = !contenders[c].pairs;
	if (!episodes && (double)protected_count != done) {
		fprintf(stderr, "Cannot measure %s: received %lu protected additions; expected %.0f\n", arguments[2], protected_count, done);
		return 1;
	}
	printf("%.4f\n", (end - begin) / (episodes ? done / threads : done));
	return 0;
}

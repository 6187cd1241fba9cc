// SPDX-License-Identifier: GPL-2.0-only
/*
 * The children of /cpus lie one behind the other in the tree. Another order is
 * the same bytes in another order: nothing has to move, and nothing is renamed.
 */
#include <string.h>
#include <tree.h>

#include "console.h"
#include "shim.h"
#include "words.h"

#define MAX_NODES	128
#define ROOM		32768	/* for the nodes of that many vCPUs */

/* Reads one number of a list. Returns false after the last one. */
static bool next_number(const char **list, u64 limit, const char *key, u64 *number)
{
	if (!**list || **list == ' ')
		return false;
	if (!read_number(list, number) || *number >= limit ||
	    (**list && **list != ',' && **list != ' '))
		fatal("%s wants numbers of vCPUs, with commas between them", key);
	if (**list == ',')
		++*list;
	return true;
}

/* Behind the end of a node, which is at @node. */
static int node_end(const void *fdt, int node)
{
	int depth = 0, next;

	do {
		switch (fdt_next_tag(fdt, node, &next)) {
		case FDT_BEGIN_NODE:
			depth++;
			break;
		case FDT_END_NODE:
			depth--;
			break;
		case FDT_END:
			fatal("the tree is broken");
		}
		node = next;
	} while (depth);
	return node;
}

/* The cpu nodes, in order. Returns how many. */
static u64 cpu_nodes(const void *fdt, int *nodes)
{
	u64 n = 0;

	for (int node = -1; (node = tree_next_cpu(fdt, node, NULL)) >= 0; n++) {
		if (n == MAX_NODES)
			fatal("more than %u cpu nodes", MAX_NODES);
		nodes[n] = node;
	}
	return n;
}

void cpu_nodes_edit(void *fdt, const char *order, const char *drop)
{
	static u8 copy[ROOM] __attribute__((aligned(8)));
	static int nodes[MAX_NODES], sorted[MAX_NODES];
	static bool placed[MAX_NODES], dropped[MAX_NODES];
	u64 count = cpu_nodes(fdt, nodes), used = 0, done = 0, number;
	u8 *tree = (u8 *)fdt + fdt_off_dt_struct(fdt);
	int at, end;

	while (next_number(&drop, count, "shim.drop", &number))
		dropped[number] = true;
	while (next_number(&order, count, "shim.order", &number)) {
		if (placed[number])
			fatal("shim.order names vCPU %lu twice", number);
		placed[number] = true;
		sorted[done++] = number;
	}
	for (number = 0; number < count; number++)
		if (!placed[number])
			sorted[done++] = number;

	at = nodes[0];
	end = node_end(fdt, nodes[count - 1]);
	if (end - at > ROOM)
		fatal("the cpu nodes are larger than %u bytes", ROOM);
	for (number = 0; number < count; number++) {
		int from = nodes[sorted[number]];

		/* What is not a cpu node stays where it is between them. */
		memcpy(copy + used, tree + at, nodes[number] - at);
		used += nodes[number] - at;
		at = node_end(fdt, nodes[number]);
		if (dropped[sorted[number]])
			continue;
		memcpy(copy + used, tree + from, node_end(fdt, from) - from);
		used += node_end(fdt, from) - from;
	}
	/* Nothing behind them moves, either. */
	for (; used < end - nodes[0]; used += sizeof(fdt32_t))
		*(fdt32_t *)(copy + used) = cpu_to_fdt32(FDT_NOP);
	memcpy(tree + nodes[0], copy, used);
}

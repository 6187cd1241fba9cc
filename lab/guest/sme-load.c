// SPDX-License-Identifier: GPL-2.0-only
/* sme-load - stay in streaming mode, with ZA in use, for ever */

int main(void)
{
	/* SMSTART: assemblers that know it need to be told to */
	for (;;)
		asm volatile(".inst 0xd503477f" : : : "memory");
	return 0;
}

"""Real models beside what users would pick instead: instructions, flash, RAM, time to compile."""

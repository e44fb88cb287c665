// Where further CPUs begin: a page below 1 MiB, which a start-up interrupt names by its number.
#pragma once

#define SECOND_PAGE 0x8000

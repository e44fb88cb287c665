// The serial port that the board names.
#pragma once

/** Takes the port of the board into use; until then bytes go nowhere. */
void console_start(void);

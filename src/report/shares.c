/* Corrected shares and their replicates. */
#include "report/gather.h"

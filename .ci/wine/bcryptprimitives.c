/* Stands in for bcryptprimitives.dll in the Wine of the tests: Go's runtime asks it for
   random numbers, and Wine 8 has none of that name. It is no part of the program. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG size); /* RtlGenRandom */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size)
{
    const ULONG most = 256u << 20;
    while (size > 0) {
        ULONG piece = size > most ? most : (ULONG)size;
        if (!SystemFunction036(data, piece))
            return FALSE;
        data += piece;
        size -= piece;
    }
    return TRUE;
}

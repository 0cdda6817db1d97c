// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * faults.c - a virtual file system over the system's own.
 */
#include "state/faults.h"

#include <sqlite3.h>
#include <stddef.h>

struct file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
};

static struct {
    enum fault kind;
    unsigned left; /* calls until it fails; 0: not armed */
    bool always, hit, failing;
} armed;

static sqlite3_vfs *below;
static sqlite3_vfs above;

void faults_arm(enum fault kind, unsigned n, bool always)
{
    armed.kind = kind;
    armed.left = n;
    armed.always = always;
    armed.hit = armed.failing = false;
}

bool faults_hit(void)
{
    return armed.hit;
}

/* Is it this call that fails? */
static bool fails(void)
{
    if (armed.failing)
        return true;
    if (armed.left == 0 || --armed.left > 0)
        return false;
    armed.hit = true;
    armed.failing = armed.always;
    return true;
}

static sqlite3_file *real(sqlite3_file *f)
{
    return ((struct file *)(void *)f)->real;
}

static int f_close(sqlite3_file *f)
{
    return real(f)->pMethods->xClose(real(f));
}

static int f_read(sqlite3_file *f, void *to, int len, sqlite3_int64 at)
{
    return real(f)->pMethods->xRead(real(f), to, len, at);
}

static int f_write(sqlite3_file *f, const void *from, int len, sqlite3_int64 at)
{
    if (armed.kind != FAULT_SYNC && fails()) {
        if (armed.kind == FAULT_HALF)
            (void)real(f)->pMethods->xWrite(real(f), from, len / 2, at);
        return armed.kind == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return real(f)->pMethods->xWrite(real(f), from, len, at);
}

static int f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    if (armed.kind == FAULT_WRITE && fails())
        return SQLITE_IOERR_TRUNCATE;
    return real(f)->pMethods->xTruncate(real(f), size);
}

static int f_sync(sqlite3_file *f, int flags)
{
    if (armed.kind == FAULT_SYNC && fails())
        return SQLITE_IOERR_FSYNC;
    return real(f)->pMethods->xSync(real(f), flags);
}

static int f_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return real(f)->pMethods->xFileSize(real(f), size);
}

static int f_lock(sqlite3_file *f, int how)
{
    return real(f)->pMethods->xLock(real(f), how);
}

static int f_unlock(sqlite3_file *f, int how)
{
    return real(f)->pMethods->xUnlock(real(f), how);
}

static int f_reserved(sqlite3_file *f, int *out)
{
    return real(f)->pMethods->xCheckReservedLock(real(f), out);
}

static int f_control(sqlite3_file *f, int op, void *arg)
{
    return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int f_sector(sqlite3_file *f)
{
    return real(f)->pMethods->xSectorSize(real(f));
}

static int f_device(sqlite3_file *f)
{
    return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int f_shm_map(sqlite3_file *f, int page, int size, int extend,
                     void volatile **out)
{
    return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
}

static int f_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return real(f)->pMethods->xShmLock(real(f), at, n, flags);
}

static void f_shm_barrier(sqlite3_file *f)
{
    real(f)->pMethods->xShmBarrier(real(f));
}

static int f_shm_unmap(sqlite3_file *f, int drop)
{
    return real(f)->pMethods->xShmUnmap(real(f), drop);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = f_close,
    .xRead = f_read,
    .xWrite = f_write,
    .xTruncate = f_truncate,
    .xSync = f_sync,
    .xFileSize = f_size,
    .xLock = f_lock,
    .xUnlock = f_unlock,
    .xCheckReservedLock = f_reserved,
    .xFileControl = f_control,
    .xSectorSize = f_sector,
    .xDeviceCharacteristics = f_device,
    .xShmMap = f_shm_map,
    .xShmLock = f_shm_lock,
    .xShmBarrier = f_shm_barrier,
    .xShmUnmap = f_shm_unmap,
};

static int f_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
                  int flags, int *out)
{
    struct file *mine = (struct file *)(void *)f;
    int said;

    (void)vfs;
    mine->real = (sqlite3_file *)(void *)(mine + 1);
    said = below->xOpen(below, name, mine->real, flags, out);
    mine->base.pMethods = mine->real->pMethods ? &methods : NULL;
    return said;
}

void faults_install(void)
{
    below = sqlite3_vfs_find(NULL);
    above = *below;
    above.zName = "faults";
    above.szOsFile = (int)sizeof(struct file) + below->szOsFile;
    above.xOpen = f_open;
    (void)sqlite3_vfs_register(&above, 1);
}

/* Counts the calls that create, write, rename or remove below one directory, and spoils one of
 * them. Loaded before the C library (LD_PRELOAD); children inherit it with the environment.
 *
 *   FAULTS_UNDER   the directory, without a slash at its end
 *   FAULTS_TRACE   a file that gets a line "pid call file" for each call
 *   FAULTS_CALL, FAULTS_FILE, FAULTS_NTH
 *                  the call to spoil: the NTHth of a group in the process that is there first
 *   FAULTS_KIND    kill    the process group dies; of what was to be written half is
 *                  full    ENOSPC here and at all that needs room from here on
 *                  error   EIO, once
 *   FAULTS_MARK    a file that is made when the call was spoilt
 *
 * Files are named with numbers as N and hashes as H. What SQLite keeps of a store is one file.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define GROUPS 4096
enum { KEEP = 0, NEEDS_ROOM = 1 };

static struct { char call[12]; char file[240]; int n; } groups[GROUPS];
static int owner;

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
static int is_digit(char c) { return c >= '0' && c <= '9'; }

/* As Python's tempfile names: "tmp" and eight letters, digits or underscores. */
#define TEMPORARY 11
static int is_temporary(const char *path) {
    size_t n = 3;
    if (path[-1] != '/' || strncmp(path, "tmp", 3)) return 0;
    while (is_digit(path[n]) || path[n] == '_' || (path[n] >= 'a' && path[n] <= 'z')) n++;
    return n == TEMPORARY && (!path[n] || path[n] == '/');
}

/* What is sent to MLflow is collected and copied, one file as the other. */
static void shorten(char *name, const char *room) {
    char *below = strstr(name, room), *kind = strrchr(name, '.');
    if (!below) return;
    below += strlen(room);
    if (kind && kind > below) memmove(below, kind, strlen(kind) + 1);
    else strcpy(below, "DIRECTORY");
}

static void mask(const char *path, char *out, size_t room) {
    const char *base = strrchr(path, '/');
    if (strstr(base ? base : path, ".db")) { snprintf(out, room, "STORE"); return; }
    size_t n = 0;
    while (*path && n + 2 < room) {
        size_t hex = 0, digits = 0;
        while (is_hex(path[hex])) hex++;
        while (is_digit(path[digits])) digits++;
        if (hex >= 8) {
            out[n++] = 'H';
            for (path += hex; *path == '-' && is_hex(path[1]) && is_hex(path[2]); path += hex + 1)
                for (hex = 0; is_hex(path[1 + hex]); hex++);
        }
        else if (is_temporary(path)) { out[n++] = 'T'; path += TEMPORARY; }
        else if (digits) { out[n++] = 'N'; path += digits; }
        else out[n++] = *path == ' ' ? '_' : *path, path++;
    }
    out[n] = 0;
}

/* The masked name of a path below the directory; 0 if it is not below. */
static int watched(int dirfd, const char *path, char *out, size_t room) {
    const char *under = getenv("FAULTS_UNDER");
    if (!under || !path) return 0;
    char whole[PATH_MAX * 2], link[64];
    ssize_t n = 0;
    if (path[0] != '/') {
        if (dirfd == AT_FDCWD) strcpy(link, "/proc/self/cwd");
        else snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd);
        n = syscall(SYS_readlinkat, AT_FDCWD, link, whole, PATH_MAX);
        if (n < 0) return 0;
        whole[n++] = '/';
    }
    snprintf(whole + n, sizeof whole - n, "%s", path);
    size_t length = strlen(under);
    if (strncmp(whole, under, length) || whole[length] != '/') return 0;
    mask(whole + length + 1, out, room);
    shorten(out, "/artifacts/");
    shorten(out, "/.artifacts.N/");
    return 1;
}

static int watched_fd(int fd, char *out, size_t room) {
    char link[64], path[PATH_MAX];
    if (fd < 3 || !getenv("FAULTS_UNDER")) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (n < 1 || path[0] != '/') return 0;
    path[n] = 0;
    return watched(AT_FDCWD, path, out, room);
}

static int count(const char *call, const char *file) {
    if (owner != getpid()) { memset(groups, 0, sizeof groups); owner = getpid(); }
    for (int i = 0; i < GROUPS; i++) {
        if (!groups[i].n) {
            snprintf(groups[i].call, sizeof groups[i].call, "%s", call);
            snprintf(groups[i].file, sizeof groups[i].file, "%s", file);
        }
        if (!strcmp(groups[i].call, call) && !strcmp(groups[i].file, file)) return ++groups[i].n;
    }
    return 0;
}

static void trace(const char *call, const char *file) {
    const char *to = getenv("FAULTS_TRACE");
    if (!to) return;
    char line[400];
    int n = snprintf(line, sizeof line, "%d %s %s\n", getpid(), call, file);
    int fd = syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0) { syscall(SYS_write, fd, line, n); syscall(SYS_close, fd); }
}

static int is(const char *name, const char *value) {
    const char *found = getenv(name);
    return found && !strcmp(found, value);
}

/* What becomes of a call: 0 as it is, an error number, or -1 for death. */
static int fate(const char *call, const char *file, int needs_room) {
    int saved = errno, n = count(call, file), what = 0;
    const char *mark = getenv("FAULTS_MARK"), *nth = getenv("FAULTS_NTH");
    trace(call, file);
    if (mark && needs_room && is("FAULTS_KIND", "full") &&
        !syscall(SYS_faccessat, AT_FDCWD, mark, F_OK)) what = ENOSPC;
    else if (mark && nth && atoi(nth) == n && is("FAULTS_CALL", call) && is("FAULTS_FILE", file)) {
        int fd = syscall(SYS_openat, AT_FDCWD, mark, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
        if (fd >= 0) {
            syscall(SYS_close, fd);
            what = is("FAULTS_KIND", "kill") ? -1 : is("FAULTS_KIND", "full") ? ENOSPC : EIO;
        }
    }
    errno = saved;
    return what;
}

#define SPOIL(call, file, room, failed) do { \
    int what = fate(call, file, room); \
    if (what < 0) { kill(0, SIGKILL); for (;;) pause(); } \
    if (what) { errno = what; return failed; } \
} while (0)

#define SPOIL_WRITE(call, file, half) do { \
    int what = fate(call, file, NEEDS_ROOM); \
    if (what < 0) { half; kill(0, SIGKILL); for (;;) pause(); } \
    if (what) { errno = what; return -1; } \
} while (0)

#define FILE_ROOM 240
#define CREATES(flags) ((flags) & (O_CREAT | O_TRUNC))
#define MODE(flags) mode_t mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list list; va_start(list, flags); mode = va_arg(list, mode_t); va_end(list); }

#define OPEN(name) int name(const char *path, int flags, ...) { \
    MODE(flags) REAL(int, #name, const char *, int, ...); char file[FILE_ROOM]; \
    if (CREATES(flags) && watched(AT_FDCWD, path, file, sizeof file)) \
        SPOIL("open", file, NEEDS_ROOM, -1); \
    return real(path, flags, mode); }
OPEN(open) OPEN(open64)

#define OPENAT(name) int name(int dir, const char *path, int flags, ...) { \
    MODE(flags) REAL(int, #name, int, const char *, int, ...); char file[FILE_ROOM]; \
    if (CREATES(flags) && watched(dir, path, file, sizeof file)) \
        SPOIL("open", file, NEEDS_ROOM, -1); \
    return real(dir, path, flags, mode); }
OPENAT(openat) OPENAT(openat64)

#define FOPEN(name) FILE *name(const char *path, const char *how) { \
    REAL(FILE *, #name, const char *, const char *); char file[FILE_ROOM]; \
    if (how[0] != 'r' && watched(AT_FDCWD, path, file, sizeof file)) \
        SPOIL("open", file, NEEDS_ROOM, NULL); \
    return real(path, how); }
FOPEN(fopen) FOPEN(fopen64)

ssize_t write(int fd, const void *data, size_t n) {
    REAL(ssize_t, "write", int, const void *, size_t); char file[FILE_ROOM];
    if (watched_fd(fd, file, sizeof file)) SPOIL_WRITE("write", file, real(fd, data, n / 2));
    return real(fd, data, n); }

#define PWRITE(name, offset_type) \
    ssize_t name(int fd, const void *data, size_t n, offset_type at) { \
    REAL(ssize_t, #name, int, const void *, size_t, offset_type); char file[FILE_ROOM]; \
    if (watched_fd(fd, file, sizeof file)) SPOIL_WRITE("write", file, real(fd, data, n / 2, at)); \
    return real(fd, data, n, at); }
PWRITE(pwrite, off_t) PWRITE(pwrite64, off64_t)

ssize_t writev(int fd, const struct iovec *parts, int n) {
    REAL(ssize_t, "writev", int, const struct iovec *, int); char file[FILE_ROOM];
    if (watched_fd(fd, file, sizeof file)) SPOIL_WRITE("write", file, real(fd, parts, n / 2));
    return real(fd, parts, n); }

#define SENDFILE(name, offset_type) \
    ssize_t name(int to, int from, offset_type *at, size_t n) { \
    REAL(ssize_t, #name, int, int, offset_type *, size_t); char file[FILE_ROOM]; \
    if (watched_fd(to, file, sizeof file)) SPOIL_WRITE("write", file, real(to, from, at, n / 2)); \
    return real(to, from, at, n); }
SENDFILE(sendfile, off_t) SENDFILE(sendfile64, off64_t)

ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t n, unsigned flags) {
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
    char file[FILE_ROOM];
    if (watched_fd(to, file, sizeof file))
        SPOIL_WRITE("write", file, real(from, a, to, b, n / 2, flags));
    return real(from, a, to, b, n, flags); }

#define TRUNCATE(name, offset_type) int name(int fd, offset_type n) { \
    REAL(int, #name, int, offset_type); char file[FILE_ROOM]; \
    if (watched_fd(fd, file, sizeof file)) SPOIL("truncate", file, NEEDS_ROOM, -1); \
    return real(fd, n); }
TRUNCATE(ftruncate, off_t) TRUNCATE(ftruncate64, off64_t)

#define SYNC(name) int name(int fd) { REAL(int, #name, int); char file[FILE_ROOM]; \
    if (watched_fd(fd, file, sizeof file)) SPOIL("sync", file, NEEDS_ROOM, -1); \
    return real(fd); }
SYNC(fsync) SYNC(fdatasync)

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *); char file[FILE_ROOM];
    if (watched(AT_FDCWD, to, file, sizeof file)) SPOIL("rename", file, KEEP, -1);
    return real(from, to); }
int renameat(int a, const char *from, int b, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *); char file[FILE_ROOM];
    if (watched(b, to, file, sizeof file)) SPOIL("rename", file, KEEP, -1);
    return real(a, from, b, to); }

#define OF_PATH(name, call, room) int name(const char *path) { \
    REAL(int, #name, const char *); char file[FILE_ROOM]; \
    if (watched(AT_FDCWD, path, file, sizeof file)) SPOIL(call, file, room, -1); \
    return real(path); }
OF_PATH(unlink, "unlink", KEEP) OF_PATH(rmdir, "rmdir", KEEP) OF_PATH(remove, "unlink", KEEP)

int unlinkat(int dir, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int); char file[FILE_ROOM];
    if (watched(dir, path, file, sizeof file))
        SPOIL(flags & AT_REMOVEDIR ? "rmdir" : "unlink", file, KEEP, -1);
    return real(dir, path, flags); }
int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t); char file[FILE_ROOM];
    if (watched(AT_FDCWD, path, file, sizeof file)) SPOIL("mkdir", file, NEEDS_ROOM, -1);
    return real(path, mode); }
int mkdirat(int dir, const char *path, mode_t mode) {
    REAL(int, "mkdirat", int, const char *, mode_t); char file[FILE_ROOM];
    if (watched(dir, path, file, sizeof file)) SPOIL("mkdir", file, NEEDS_ROOM, -1);
    return real(dir, path, mode); }

#define LINK(name) int name(const char *from, const char *to) { \
    REAL(int, #name, const char *, const char *); char file[FILE_ROOM]; \
    if (watched(AT_FDCWD, to, file, sizeof file)) SPOIL(#name, file, NEEDS_ROOM, -1); \
    return real(from, to); }
LINK(link) LINK(symlink)

int linkat(int a, const char *from, int b, const char *to, int flags) {
    REAL(int, "linkat", int, const char *, int, const char *, int); char file[FILE_ROOM];
    if (watched(b, to, file, sizeof file)) SPOIL("link", file, NEEDS_ROOM, -1);
    return real(a, from, b, to, flags); }
int symlinkat(const char *from, int dir, const char *to) {
    REAL(int, "symlinkat", const char *, int, const char *); char file[FILE_ROOM];
    if (watched(dir, to, file, sizeof file)) SPOIL("symlink", file, NEEDS_ROOM, -1);
    return real(from, dir, to); }

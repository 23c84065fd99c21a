/* Faults of a machine, for one process and while it runs. LD_PRELOAD=faults.so FAULTS=FILE FAULTS_DISK=FOLDER CMD

   FILE holds eight numbers of 64 bits, which a test sets at any time:
     0  seconds by which the wall clock is wrong (monotonic clocks stay real, as they do when a clock is set)
     1  whether the disk is full: nothing is written to files in FOLDER
     2  milliseconds that each sync of a file in FOLDER takes
     3  whether each sync of a file in FOLDER copies it to FOLDER.synced: what the disk would hold without power
     4  whether the disk is read-only, as after an error of it: no file in FOLDER is written or opened to be
     5  whether there is no network: no connection is begun
     6  whether no name server answers
     7  whether the first thread is held wherever it waits for events: its loop is blocked, and all others go on
   Every name within .example is one of this machine's, as long as they do. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile long long *numbers;
static const char *folder;

__attribute__((constructor)) static void start(void) {
  const char *path = getenv("FAULTS");
  folder = getenv("FAULTS_DISK");
  int fd = path ? open(path, O_RDONLY) : -1;
  if (fd < 0) return;
  void *seen = mmap(0, 64, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (seen != MAP_FAILED) numbers = seen;
}

static long long number(int which) { return numbers ? numbers[which] : 0; }

static const char *on_disk(int fd, char *path) {
  char link[40];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, 3999);
  if (length < 0 || !folder) return 0;
  path[length] = 0;
  size_t prefix = strlen(folder);
  return strncmp(path, folder, prefix) == 0 && path[prefix] == '/' ? path + prefix + 1 : 0;
}

static int is_full(int fd) {
  char path[4000];
  if (!(number(1) || number(4)) || !on_disk(fd, path)) return 0;
  errno = number(4) ? EROFS : ENOSPC;
  return 1;
}

#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *from, size_t count) {
  REAL(ssize_t, write, int, const void *, size_t);
  return is_full(fd) ? -1 : real(fd, from, count);
}
ssize_t pwrite(int fd, const void *from, size_t count, off_t at) {
  REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
  return is_full(fd) ? -1 : real(fd, from, count, at);
}
ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) {
  REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  return is_full(fd) ? -1 : real(fd, from, count, at);
}

static int is_kept_from(const char *path, int flags) {
  size_t prefix = folder ? strlen(folder) : 0;
  if (!number(4) || !prefix || strncmp(path, folder, prefix) || path[prefix] != '/') return 0;
  if ((flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC))) return 0;
  errno = EROFS;
  return 1;
}
#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    REAL(int, name, const char *, int, ...); \
    return is_kept_from(path, flags) ? -1 : real(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

int connect(int fd, const struct sockaddr *to, socklen_t length) {
  REAL(int, connect, int, const struct sockaddr *, socklen_t);
  if (!number(5) || (to->sa_family != AF_INET && to->sa_family != AF_INET6)) return real(fd, to, length);
  errno = ENETUNREACH;
  return -1;
}

int getaddrinfo(const char *name, const char *port, const struct addrinfo *hints, struct addrinfo **found) {
  REAL(int, getaddrinfo, const char *, const char *, const struct addrinfo *, struct addrinfo **);
  const char *zone = name ? strrchr(name, '.') : 0;
  if (!zone || strcmp(zone, ".example")) return real(name, port, hints, found);
  return number(6) ? EAI_AGAIN : real("127.0.0.1", port, hints, found);
}

int epoll_pwait(int fd, struct epoll_event *events, int most, int timeout, const sigset_t *mask) {
  REAL(int, epoll_pwait, int, struct epoll_event *, int, int, const sigset_t *);
  while (number(7) && gettid() == getpid()) usleep(20000);
  return real(fd, events, most, timeout, mask);
}

/* The copy comes about at once, by its name: a process that is killed meanwhile leaves the one before. */
static void keep(int fd, const char *name) {
  static int turn;
  char beside[4100], to[4100], block[65536];
  snprintf(to, sizeof to, "%s.synced/%s", folder, name);
  snprintf(beside, sizeof beside, "%s.synced/.%d.%d", folder, getpid(), __sync_fetch_and_add(&turn, 1));
  int copy = open(beside, O_CREAT | O_WRONLY | O_TRUNC, 0600);
  ssize_t got;
  for (off_t at = 0; copy >= 0 && (got = pread(fd, block, sizeof block, at)) > 0; at += got)
    if (write(copy, block, got) != got) abort();
  if (copy < 0 || close(copy) || rename(beside, to)) abort();
}

static void sync_file(int fd) {
  char path[4000];
  const char *name;
  if (!(number(2) || number(3)) || !(name = on_disk(fd, path))) return;
  usleep(number(2) * 1000);
  struct stat found;
  if (number(3) && !fstat(fd, &found) && S_ISREG(found.st_mode)) keep(fd, name);
}
int fsync(int fd) {
  REAL(int, fsync, int);
  sync_file(fd);
  return real(fd);
}
int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  sync_file(fd);
  return real(fd);
}

static int is_wall(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE; }
int clock_gettime(clockid_t clock, struct timespec *at) {
  REAL(int, clock_gettime, clockid_t, struct timespec *);
  int failed = real(clock, at);
  if (!failed && is_wall(clock)) at->tv_sec += number(0);
  return failed;
}
int gettimeofday(struct timeval *at, void *zone) {
  struct timespec now;
  (void)zone;
  int failed = clock_gettime(CLOCK_REALTIME, &now);
  if (!failed) at->tv_sec = now.tv_sec, at->tv_usec = now.tv_nsec / 1000;
  return failed;
}
time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}

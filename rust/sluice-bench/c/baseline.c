/*
 * The floor under every figure of the comparison: the same system calls, made by a loop in C.
 *
 * Each function moves `region` bytes between blocking descriptors, in calls that ask for `piece`
 * bytes each. It answers the bytes moved, or -errno. After a partial result the loop goes on, and
 * after EINTR it repeats the call. An end of the file before the region is moved answers -ENODATA.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_BYTES = 256 * 1024, PIPE_BYTES = 1024 * 1024 };

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The error with which an answer of a system call ends the round; 0 means that the call is repeated. */
static int64_t refusal(ssize_t answer)
{
    if (answer == 0)
        return -ENODATA;
    return errno == EINTR ? 0 : -(int64_t)errno;
}

int64_t sluice_bench_sendfile(int source, int target, int64_t region, int64_t piece)
{
    for (off_t start = 0; start < region; start += piece) {
        off_t end = smaller(start + piece, region);
        for (off_t at = start; at < end;) {
            ssize_t n = sendfile(target, source, &at, (size_t)(end - at));
            if (n <= 0) {
                int64_t error = refusal(n);
                if (error != 0)
                    return error;
            }
        }
    }
    return region;
}

/* The first `head_bytes` of each piece come from memory, where the heads lie one behind the other. */
int64_t sluice_bench_respond(int source, int target, int64_t region, int64_t piece,
                             const unsigned char *heads, int64_t head_bytes)
{
    for (off_t start = 0; start < region; start += piece, heads += head_bytes) {
        off_t end = smaller(start + piece, region);
        int64_t head = smaller(head_bytes, end - start);
        int more = start + head < end ? MSG_MORE : 0;
        for (int64_t done = 0; done < head;) {
            ssize_t n = send(target, heads + done, (size_t)(head - done), more | MSG_NOSIGNAL);
            int64_t error = n <= 0 ? refusal(n) : 0;
            if (error != 0)
                return error;
            if (n > 0)
                done += n;
        }
        for (off_t at = start + head; at < end;) {
            ssize_t n = sendfile(target, source, &at, (size_t)(end - at));
            int64_t error = n <= 0 ? refusal(n) : 0;
            if (error != 0)
                return error;
        }
    }
    return region;
}

/* The target is written at its own position, as the JDK's transferTo does. */
int64_t sluice_bench_copy_file_range(int source, int target, int64_t region, int64_t piece)
{
    for (off64_t start = 0; start < region; start += piece) {
        off64_t end = smaller(start + piece, region);
        for (off64_t at = start; at < end;) {
            ssize_t n = copy_file_range(source, &at, target, NULL, (size_t)(end - at), 0);
            if (n <= 0) {
                int64_t error = refusal(n);
                if (error != 0)
                    return error;
            }
        }
    }
    return region;
}

/* `buffer` belongs to the caller, and has BUFFER_BYTES bytes. */
int64_t sluice_bench_receive_and_write(int source, int target, int64_t region, int64_t piece,
                                       unsigned char *buffer)
{
    for (off_t start = 0; start < region; start += piece) {
        off_t end = smaller(start + piece, region);
        for (off_t at = start; at < end;) {
            ssize_t got = recv(source, buffer, (size_t)smaller(end - at, BUFFER_BYTES), 0);
            if (got <= 0) {
                int64_t error = refusal(got);
                if (error != 0)
                    return error;
                continue;
            }
            for (ssize_t done = 0; done < got;) {
                ssize_t n = pwrite(target, buffer + done, (size_t)(got - done), at + done);
                if (n <= 0) {
                    int64_t error = refusal(n);
                    if (error != 0)
                        return error;
                    continue;
                }
                done += n;
            }
            at += got;
        }
    }
    return region;
}

/* An empty pipe, which belongs to the caller. After an error the pipe may still hold bytes. */
struct ends {
    int reader, writer;
};

/* Moves `left` bytes out of the pipe to the target's offset `*to`, or to a stream if `to` is NULL. */
static int64_t empty_pipe(int reader, int target, off64_t *to, ssize_t left)
{
    while (left > 0) {
        ssize_t n = splice(reader, NULL, target, to, (size_t)left, SPLICE_F_MOVE);
        if (n <= 0) {
            int64_t error = refusal(n);
            if (error != 0)
                return error;
            continue;
        }
        left -= n;
    }
    return 0;
}

static int64_t through_pipe(int source, struct ends pipe, int target, off64_t *to, int64_t region,
                            int64_t piece)
{
    for (off64_t start = 0; start < region; start += piece) {
        for (off64_t left = smaller(piece, region - start); left > 0;) {
            ssize_t got = splice(source, NULL, pipe.writer, NULL,
                                 (size_t)smaller(left, PIPE_BYTES), SPLICE_F_MOVE);
            int64_t error = got <= 0 ? refusal(got) : empty_pipe(pipe.reader, target, to, got);
            if (error != 0)
                return error;
            if (got > 0)
                left -= got;
        }
    }
    return region;
}

int64_t sluice_bench_splice_to_file(int source, int target, int64_t region, int64_t piece,
                                    struct ends pipe)
{
    off64_t to = 0;
    return through_pipe(source, pipe, target, &to, region, piece);
}

int64_t sluice_bench_splice_to_stream(int source, int target, int64_t region, int64_t piece,
                                      struct ends pipe)
{
    return through_pipe(source, pipe, target, NULL, region, piece);
}

/*
 * Moves bytes between a pipe and a file. `from` or `to` is the offset in the file; the other one, of the
 * pipe, is NULL.
 */
static int64_t splice_directly(int source, off64_t *from, int target, off64_t *to, int64_t region,
                               int64_t piece)
{
    for (off64_t start = 0; start < region; start += piece) {
        for (off64_t left = smaller(piece, region - start); left > 0;) {
            ssize_t n = splice(source, from, target, to, (size_t)left, SPLICE_F_MOVE);
            if (n <= 0) {
                int64_t error = refusal(n);
                if (error != 0)
                    return error;
                continue;
            }
            left -= n;
        }
    }
    return region;
}

int64_t sluice_bench_splice_into_pipe(int source, int target, int64_t region, int64_t piece)
{
    off64_t from = 0;
    return splice_directly(source, &from, target, NULL, region, piece);
}

int64_t sluice_bench_splice_out_of_pipe(int source, int target, int64_t region, int64_t piece)
{
    off64_t to = 0;
    return splice_directly(source, NULL, target, &to, region, piece);
}

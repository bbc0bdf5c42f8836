package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.FaultyRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems that can't do all that a local one can, as those of networks, sticks and shares. */
class OddFileSystemIT {
  /** Refuses what NFS without a lock daemon, CIFS, exFAT and FUSE are known to refuse. */
  private static final String SHIM =
      """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <errno.h>
      #include <fcntl.h>
      #include <stdarg.h>
      #include <sys/stat.h>
      static int refuse(int e) { errno = e; return -1; }
      int fsync(int fd) { return refuse(EINVAL); }
      int fdatasync(int fd) { return refuse(EINVAL); }
      int link(const char *a, const char *b) { return refuse(EPERM); }
      int chmod(const char *a, mode_t m) { return refuse(EPERM); }
      int fchmod(int a, mode_t m) { return refuse(EPERM); }
      int fallocate64(int fd, int m, off64_t o, off64_t n) { return refuse(EOPNOTSUPP); }
      int fcntl64(int fd, int c, ...) {
        va_list l; va_start(l, c); void *a = va_arg(l, void *); va_end(l);
        if (c == F_SETLK || c == F_SETLKW) return refuse(ENOLCK);
        return ((int (*)(int, int, ...)) dlsym(RTLD_NEXT, "fcntl64"))(fd, c, a);
      }
      int fcntl(int fd, int c, ...) {
        va_list l; va_start(l, c); void *a = va_arg(l, void *); va_end(l);
        if (c == F_SETLK || c == F_SETLKW) return refuse(ENOLCK);
        return ((int (*)(int, int, ...)) dlsym(RTLD_NEXT, "fcntl"))(fd, c, a);
      }
      """;

  @TempDir private Path folder;

  @Test
  void aSaveAndALoadGetAlongWithoutFsyncLocksLinksAndModes() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "needs a C compiler");
    Path source = Files.writeString(folder.resolve("odd.c"), SHIM);
    Path shim = folder.resolve("odd.so");
    assertThat(
            new ProcessBuilder("gcc", "-shared", "-fPIC", "-o", shim + "", source + "", "-ldl")
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
    try (FaultyRegistry registry = new FaultyRegistry();
        FaultyRegistry target = new FaultyRegistry()) {
      byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
      byte[] manifest =
          "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"a/b\",\"digest\":\"%s\",\"size\":2},\"layers\":[]}"
              .formatted(registry.addBlob(config))
              .getBytes(StandardCharsets.UTF_8);
      registry.addManifest("a/b", "v1", manifest, MediaTypes.OCI_MANIFEST);
      Path list = Files.writeString(folder.resolve("l"), registry.name() + "/a/b:v1\n");
      Path archive = folder.resolve("o.tar");

      Command save = odd(shim).run("save", "--list", list, "--output", archive);
      assertThat(save.exitCode()).as(save.err()).isZero();
      assertThat(save.complaint(0)).contains("run sync before it is unplugged");
      assertThat(Command.run("verify", "--archive", archive).exitCode()).isZero();

      Command load = odd(shim).run("load", "--archive", archive, "--registry", target.name());
      assertThat(load.exitCode()).as(load.err() + load.out()).isZero();
    }
  }

  private Program odd(Path shim) {
    return Program.in(folder).withVariable("LD_PRELOAD", shim.toString());
  }
}

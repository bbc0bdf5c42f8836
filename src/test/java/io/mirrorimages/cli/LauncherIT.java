package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mirrorimages.image.MediaTypes;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The start script, on machines and below folders as there are. */
class LauncherIT {
  private static final Path BUILT = Path.of(System.getProperty("mirror-images.command"));
  private static final String JAVA = "JAVA_HOME=" + System.getProperty("java.home");
  private static final String PATH = "PATH=/usr/bin:/bin";

  @TempDir private Path folder;
  private final List<Path> links = new ArrayList<>();
  private Path command;

  @BeforeEach
  void install() throws IOException {
    command = installedBelow("mirror-images");
  }

  /** Those that lead out of the test's folder. */
  @AfterEach
  void unlink() throws IOException {
    for (Path link : links) {
      Files.delete(link);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LC_ALL=C", "LANG=zh_CN.GB18030", "NOTHING="})
  void namesAreUtf8WhateverTheLocaleIs(String locale) throws Exception {
    Path home = Files.createDirectories(folder.resolve("家/镜像"));
    List<String> environment = List.of(PATH, JAVA, locale, "HOME=" + home);
    try (FaultyRegistry registry = new FaultyRegistry()) {
      registry.addBlob("{}".getBytes(StandardCharsets.UTF_8));
      byte[] manifest =
          "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"a/b\",\"digest\":\"%s\",\"size\":2},\"layers\":[]}"
              .formatted(FaultyRegistry.sha256("{}".getBytes(StandardCharsets.UTF_8)))
              .getBytes(StandardCharsets.UTF_8);
      registry.addManifest("a/b", "v1", manifest, MediaTypes.OCI_MANIFEST);
      Files.writeString(
          home.resolve("清单.txt"), registry.name() + "/a/b:v1\n" + registry.name() + "/a/c:v1\n");

      Ended save =
          run(
              home,
              environment,
              command,
              ("save --list 清单.txt --retries 0 --report 报告.json --failed 失败.txt --output "
                      + home
                      + "/包.tar")
                  .split(" "));

      assertThat(save.exitCode()).as(save.text()).isEqualTo(1);
      assertThat(home.resolve("报告.json")).exists();
      assertThat(home.resolve("失败.txt")).exists();
      assertThat(home.resolve("包.tar")).exists();
      Ended read = run(home, environment, command, "inspect", "没有.tar");
      assertThat(read.text()).contains("没有.tar");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"my tools", "工具", "it's \"$HOME\" `x`", "a\\b", "a\nb", "-a,b;c*[d]?", "50%#!@+&"})
  void itStartsBelowAnyFolder(String name) throws Exception {
    Ended ended = run(folder, List.of(PATH, JAVA), installedBelow(name), "--version");
    assertThat(ended.text()).startsWith("mirror-images ");
    assertThat(ended.exitCode()).isZero();
  }

  @Test
  void itIsFoundBehindLinksAndStartedByAnotherUser() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("a link"), command);
    Path second = Files.createSymbolicLink(folder.resolve("mi"), Path.of("a link"));
    assertThat(run(folder, List.of(PATH, JAVA), second, "--version").text())
        .startsWith("mirror-images ");

    assumeTrue(System.getProperty("user.name").equals("root"), "only root becomes somebody else");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Ended nobody =
        run(
            folder,
            List.of(PATH, JAVA),
            Path.of("/usr/bin/setpriv"),
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            second.toString(),
            "--version");
    assertThat(nobody.text()).startsWith("mirror-images ");
  }

  @Test
  void whereTheWorkingDirectoryCantBeWrittenTheStateFolderHasTheListOfWhatIsNotDone()
      throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root becomes somebody else");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (FaultyRegistry registry = new FaultyRegistry()) {
      Path list = Files.writeString(folder.resolve("l"), registry.name() + "/a/absent:v1\n");
      Ended ended =
          run(
              Path.of("/"),
              List.of(PATH, JAVA, "HOME=" + folder),
              Path.of("/usr/bin/setpriv"),
              "--reuid=65534",
              "--regid=65534",
              "--clear-groups",
              command.toString(),
              "save",
              "--list",
              list.toString(),
              "--output",
              folder + "/o.tar",
              "--retries=0");
      assertThat(ended.exitCode()).as(ended.text()).isEqualTo(1);
      Path failed = folder.resolve(".local/state/mirror-images/failed.txt");
      assertThat(failed).content().contains("absent:v1");
      assertThat(ended.text().lines())
          .anyMatch(line -> line.contains(" mirror-images: ") && line.contains(" " + failed));
    }
  }

  @Test
  void aFolderThatJavaCantStartFromIsSaid() throws Exception {
    assertThat(refusal(folder, installedBelow("v1:2").toString())).contains("colon", "elsewhere");
  }

  @Test
  void limitsThatLetNothingRunAreSaidAtOnce() throws Exception {
    assertThat(refusal(folder, "ulimit -n 64", command)).contains("64 open files", "ulimit -n");
    assertThat(refusal(folder, "ulimit -v 900000", command))
        .contains("900000 KiB", "allow 1200000");
    assertThat(script(folder, "ulimit -v 1200000", command).text()).startsWith("mirror-images ");
  }

  @Test
  void aWorkingDirectoryThatIsGoneIsSaid() throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    Ended ended = script(gone, "rmdir " + gone, command);
    assertThat(ended.text().lines()).anyMatch(l -> l.matches("mirror-images: .* is gone: .*"));
    assertThat(ended.exitCode()).isEqualTo(3);
  }

  @Test
  void namesThatAreNotUtf8AreRefusedInOneLine() throws Exception {
    String latin = "l$(printf '\\344').txt";
    assertThat(script(folder, "set -- " + latin + "; $0 inspect $1; exit", command))
        .satisfies(e -> assertThat(e.text().lines().toList()).hasSize(1))
        .satisfies(e -> assertThat(e.text()).contains("the argument", "not UTF-8"))
        .extracting(Ended::exitCode)
        .isEqualTo(2);
    Ended inside = script(folder, "d=" + latin + "; mkdir $d; cd $d", command);
    assertThat(inside.text().lines().toList()).hasSize(1);
    assertThat(inside.text()).contains("the working directory", "not UTF-8");
    assertThat(script(folder, "export HOME=/" + latin, command).text())
        .contains("HOME", "not UTF-8");
  }

  @Test
  void theLocaleIsOneThatTheMachineHas() throws Exception {
    Path java = Files.createDirectories(folder.resolve("a java/bin")).getParent();
    Files.writeString(java.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    program(java.resolve("bin/java"), "echo \"${LC_ALL-none}\"");
    List<String> environment = new ArrayList<>(List.of("JAVA_HOME=" + java, "LC_ALL=C"));

    Path tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : List.of("sh", "readlink", "grep", "env")) {
      link(tools.resolve(tool), Path.of("/usr/bin", tool));
    }
    environment.add("PATH=" + tools);
    assertThat(run(folder, environment, command).text()).isEqualTo("C.UTF-8\n");
    // As RHEL 7 has them.
    program(
        tools.resolve("locale"),
        "[ \"$1\" = -a ] && echo C && echo zh_CN && echo zh_CN.utf8 && exit\n"
            + "[ \"$LC_ALL\" = zh_CN.utf8 ] && echo UTF-8 || echo ANSI_X3.4-1968");
    assertThat(run(folder, environment, command).text()).isEqualTo("zh_CN.utf8\n");
    program(tools.resolve("locale"), "echo ANSI_X3.4-1968");
    assertThat(run(folder, environment, command).text()).isEqualTo("C\n");
  }

  @Test
  void theJavaOfItsOwnIsTakenIfItHasOneWithItsCacheAndLocale() throws Exception {
    Path runtime = Files.createDirectories(command.resolve("../../runtime").normalize());
    Files.createDirectories(runtime.resolve("locale"));
    Files.createDirectory(runtime.resolve("bin"));
    program(runtime.resolve("bin/java"), "echo \"own $LC_ALL ${LOCPATH-} $*\"");
    Path tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : List.of("sh", "readlink", "grep", "env")) {
      link(tools.resolve(tool), Path.of("/usr/bin", tool));
    }

    Ended ended = run(folder, List.of("PATH=" + tools, JAVA), command, "--version");

    assertThat(ended.text())
        .startsWith("own C.UTF-8 " + runtime.resolve("locale") + " ")
        .endsWith(" --version\n");
    assertThat(run(folder, List.of(PATH, JAVA), command, "--version").text())
        .as("where a program tells which locales there are")
        .startsWith("own C.UTF-8  ");
  }

  @Test
  void theStartUpCacheHasTheToolsClassesOfEveryCopyingCommand() throws Exception {
    Path loaded = folder.resolve("loaded.txt");
    List<String> environment =
        List.of(PATH, JAVA, "MIRROR_IMAGES_JAVA_OPTS=-Xlog:class+load:file=" + loaded);
    Path sample = folder.resolve("sample.tar");
    run(folder, List.of(PATH, JAVA), BUILT, "sample", "--output", sample.toString());
    try (FaultyRegistry registry = new FaultyRegistry()) {
      for (String command :
          List.of(
              "load --archive sample.tar --plain-http --registry " + registry.name(),
              "verify --archive sample.tar")) {
        Ended ended = run(folder, environment, BUILT, command.split(" "));
        assertThat(ended.exitCode()).as(ended.text()).isZero();

        List<String> own =
            Files.readAllLines(loaded).stream()
                .filter(l -> l.contains(" io.mirrorimages."))
                .toList();
        assertThat(own).as(command).hasSizeGreaterThan(200);
        assertThat(own.stream().filter(l -> l.contains("source: file:")))
            .as("read from the jar by %s", command)
            .hasSizeLessThan(own.size() / 20);
      }
    }
  }

  /** Java's own debug output lists what is set. */
  @Test
  void aFailureOfANameServerIsNotKeptAndAnAddressIs() throws Exception {
    Files.writeString(folder.resolve("l"), "registry.invalid/a/b:v1\n");
    String debug = "MIRROR_IMAGES_JAVA_OPTS=-Djava.security.debug=properties";
    Ended ended =
        run(
            folder,
            List.of(PATH, JAVA, debug),
            command,
            "save --list l --retries 0 --output o.tar".split(" "));
    assertThat(ended.text())
        .contains("networkaddress.cache.negative.ttl=0\n")
        .contains("networkaddress.cache.stale.ttl=86400\n");
  }

  private void link(Path link, Path target) throws IOException {
    links.add(Files.createSymbolicLink(link, target));
  }

  private Path installedBelow(String name) throws IOException {
    Path there = Files.createDirectories(folder.resolve(name + "/mi/bin"));
    link(there.resolveSibling("lib"), BUILT.getParent().resolveSibling("lib").toAbsolutePath());
    return Files.copy(BUILT, there.resolve(BUILT.getFileName()));
  }

  private static void program(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String refusal(Path where, String program) throws Exception {
    return refusal(where, ":", Path.of(program));
  }

  private String refusal(Path where, String before, Path program) throws Exception {
    Ended ended = script(where, before, program);
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.text()).startsWith("mirror-images: ");
    assertThat(ended.text().lines()).hasSize(1);
    return ended.text();
  }

  /** Runs {@code program --version} after shell commands. */
  private Ended script(Path where, String before, Path program) throws Exception {
    return run(
        where,
        List.of(PATH, JAVA),
        Path.of("/bin/sh"),
        "-c",
        before + "; exec \"$0\" --version",
        program.toString());
  }

  /** How a program ended, and all that it printed. */
  private record Ended(int exitCode, String text) {}

  /** Runs a program with nothing but these in its environment. */
  private Ended run(Path where, List<String> environment, Path program, String... arguments)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("/usr/bin/env", "-i"));
    all.addAll(environment);
    all.add(program.toString());
    all.addAll(List.of(arguments));
    Path printed = Files.createTempFile(folder, "printed", ".log");
    Process process =
        new ProcessBuilder(all)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("it ends").isTrue();
    return new Ended(process.exitValue(), Files.readString(printed, StandardCharsets.UTF_8));
  }
}

package io.mirrorimages.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.Command;
import io.mirrorimages.nodes.system.NodeSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of nodes are printed and written alike, and wrong options are refused in one line. */
class NodesOutputTest {
  private static final String HEADING = "\n# ==> ";

  @TempDir private Path folder;

  static Iterable<String> kinds() {
    return NodeSystems.names();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void eachFileIsPrintedAsItIsWritten(String kind) throws Exception {
    List<Object> words = new ArrayList<>(List.of("nodes", kind, "-r"));
    words.add(kind.equals("isula") ? "h.io" : "h.io/proj");
    // Each looks like a secret, and is none.
    words.addAll(List.of("--username", "token=röbot$pull", "--ca-file", "/etc/ca?sig=1"));

    Command printed = Command.run(words.toArray());
    words.addAll(List.of("--output", folder));
    Command written = Command.run(words.toArray());

    assertThat(written.exitCode()).as(written.err()).isZero();
    assertThat(filesIn(printed.out())).isNotEmpty().isEqualTo(filesBelow(folder));
  }

  /** What stands below each heading. */
  private static Map<String, String> filesIn(String printed) {
    Map<String, String> files = new TreeMap<>();
    for (int at = printed.indexOf(HEADING); at >= 0; ) {
      int text = printed.indexOf('\n', at + 1) + 1;
      int next = printed.indexOf(HEADING, text);
      String path = printed.substring(at + HEADING.length(), printed.indexOf(" (mode ", at));
      files.put(
          path.replaceFirst("^/", ""), printed.substring(text, next < 0 ? printed.length() : next));
      at = next;
    }
    return files;
  }

  private static Map<String, String> filesBelow(Path tree) throws Exception {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(tree.relativize(file).toString(), Files.readString(file));
      }
    }
    return files;
  }

  @Test
  void theFormerCommandPrintsItsFileAsItIs() {
    assertThat(Command.run("registries-yaml", "-r", "h.io", "--ca-file", "/etc/ca?sig=1").out())
        .contains("\"/etc/ca?sig=1\"")
        .endsWith("\"\n");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anIpv6AddressIsRefusedWhereItIsReadWrongly(String kind) {
    Command command = Command.run("nodes", kind, "-r", "[fd00::1]:5000/proj");

    if (List.of("distribution", "harbor", "zot").contains(kind)) {
      assertThat(command.exitCode()).as(command.err()).isZero();
    } else {
      assertThat(command.complaint(2))
          .contains("IPv6 address [fd00::1]:5000", "give a name that resolves to it");
    }
  }

  @Test
  void theFormerCommandRefusesAnIpv6AddressToo() {
    assertThat(Command.run("registries-yaml", "-r", "[::1]:5000").complaint(2))
        .contains("IPv6 address [::1]:5000");
  }

  @Test
  void theFormerCommandHasNoTlsForARegistryThatIsReachedByHttp() {
    assertThat(Command.run("registries-yaml", "-r", "h.io", "--plain-http").out())
        .contains("  \"h.io\":\n    # Needed where")
        .doesNotContain("tls:");
    assertThat(Command.run("registries-yaml", "-r", "h.io").out()).contains("    tls: {}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--output | '' | --output is empty: name a folder",
        "--ca-file | '' | --ca-file is not the path of a file",
        "--ca-file | h.crt | --ca-file is the path on the nodes, not \"h.crt\": give it from the"
            + " root",
        "--ca-file | '/a\nb' | --ca-file is not the path of a file",
        "--username | '' | --username is empty",
        "--username | a:b | --username takes no colon",
        "--username | 'a\nb' | --username takes no colon and no control characters",
        "--registry | https://h.io --plain-http | --plain-http contradicts https:// in --registry",
        "--registry | h.io:0 | --registry h.io:0: not a port"
      })
  void aWrongValueIsRefused(String option, String value, String complaint) {
    Object[] words =
        option.equals("--registry")
            ? ("nodes k3s --registry " + value).split(" ")
            : new Object[] {"nodes", "k3s", "-r", "h.io", option, value};

    assertThat(Command.run(words).complaint(2)).contains(complaint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"talos", "harbor"})
  void aCertificateThatNoNodeReadsMayBeInTheWorkingFolder(String kind) {
    Command command = Command.run("nodes", kind, "-r", "h.io/proj", "--ca-file", "ca.crt");

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.out()).contains("ca.crt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"taken", "taken/below", "taken/../taken"})
  void aFileInThePlaceOfTheFolderIsRefused(String output) throws Exception {
    Files.writeString(folder.resolve("taken"), "mine");

    assertThat(Command.run("nodes", "k3s", "-r", "h.io", "-o", folder + "/" + output).complaint(2))
        .contains(folder.resolve("taken") + " is not a folder: name another");
  }

  @Test
  void permissionsOfAFileThatIsThereAreNotWiderThanPromised() throws Exception {
    Object[] words = {"nodes", "k3s", "-r", "h.io", "-o", folder};
    assertThat(Command.run(words).exitCode()).isZero();
    Path file = folder.resolve("etc/rancher/k3s/registries.yaml");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(Command.run(words).exitCode()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    assertThat(Command.run(words).exitCode()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("r--------");
  }

  @Test
  void twoImagesOfOneNameAreRefusedAsByLoad() throws Exception {
    Path list = Files.writeString(folder.resolve("l"), "quay.io/a/b:1\nghcr.io/c/d:1\n");

    assertThat(
            Command.run("nodes", "k3s", "-r", "h.io", "--map", ".*=same", "--list", list)
                .complaint(2))
        .contains("quay.io/a/b:1 and ghcr.io/c/d:1 would both become h.io/same:1", "--map");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:5000, http",
    "localhost:5000, http",
    "https://127.0.0.1:5000, https",
    "127.0.0.1:443, https",
    "127.0.0.1, https",
    "h.io:5000, https"
  })
  void loopbackWithAPortIsReachedByHttpAsByLoad(String registry, String scheme) {
    String out = Command.run("nodes", "podman", "-r", registry).out();
    String k3s = Command.run("nodes", "k3s", "-r", registry).out();

    assertThat(k3s).contains("\"" + scheme + "://" + registry.replaceFirst("^https://", ""));
    if (scheme.equals("http")) {
      assertThat(out).contains("insecure = true", "of this machine itself", "write https://");
    } else {
      assertThat(out).doesNotContain("insecure = true", "of this machine itself");
    }
  }

  @Test
  void loopbackWithACertificateIsReachedByHttps() {
    assertThat(Command.run("nodes", "k3s", "-r", "127.0.0.1:5000", "--ca-file", "/ca.pem").out())
        .contains("https://127.0.0.1:5000")
        .doesNotContain("http://");
  }
}

package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.Authority;
import io.mirrorimages.testing.DockerRegistry;
import io.mirrorimages.testing.FaultyRegistry;
import io.mirrorimages.testing.Nginx;
import io.mirrorimages.testing.Skopeo;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The mistakes and mishaps of the document's table: each is seen to get its message and remedy. */
@Timeout(300)
class SituationsIT {
  private static final Path DOCUMENT = Path.of("src/site/markdown/troubleshooting.md");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  private static DockerRegistry open;
  private static DockerRegistry secure;
  private static DockerRegistry locked;

  @TempDir private static Path shared;
  private static Path sample;

  @TempDir private Path folder;
  private final Map<String, Scenario> scenarios = new LinkedHashMap<>();

  private interface Scenario {
    Command run() throws Exception;
  }

  /** A row of the table; what is quoted in its cells is printed. */
  private record Row(String situation, List<String> printed, int exitCode) {
    static Row of(String line) {
      String[] cells = line.split("\\|");
      return new Row(
          cells[1].strip(),
          QUOTED.matcher(cells[2] + cells[3]).results().map(m -> m.group(1)).toList(),
          Integer.parseInt(cells[4].strip()));
    }

    @Override
    public String toString() {
      return situation;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    open = DockerRegistry.open();
    secure = DockerRegistry.withTls();
    locked = DockerRegistry.withPassword();
    sample = shared.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
    assertThat(load(sample, open.name()).exitCode()).isZero();
  }

  @AfterAll
  static void stop() {
    for (DockerRegistry registry : Arrays.asList(open, secure, locked)) {
      if (registry != null) {
        registry.close();
      }
    }
  }

  @BeforeEach
  void describe() {
    lists();
    archives();
    options();
    slips();
    registries();
    certificates();
    places();
    otherArchives();
  }

  private void lists() {
    scenarios.put("the list is an answer 404", () -> save(list("Not Found\n")));
    scenarios.put("the list is a web page", () -> save(list("<!DOCTYPE html>\n<html></html>\n")));
    scenarios.put("the list is a pod", () -> save(list("kind: Pod\n  - image: a/b:1\n")));
    scenarios.put(
        "the list is a values.yaml", () -> save(list("image:\n  repository: rancher/rancher\n")));
    scenarios.put("the list is CSV", () -> save(list("image,size\na/b:v1,3\n")));
    scenarios.put(
        "the list is what `docker images` prints",
        () -> save(list("REPOSITORY  TAG  ID  SIZE\na/b  v1  8a1b  3MB\na/c  v1  9a1b  3MB\n")));
    scenarios.put("columns with tabs in a list", () -> save(list("a/b:v1\tlinux/amd64\t3\n")));
    scenarios.put(
        "commands in a list", () -> save(list("docker pull a/b:v1\ndocker pull a/c:v1\n")));
    scenarios.put("two names on one line", () -> save(list("a/b:v1,a/c:v1\n")));
    scenarios.put("the list is Markdown", () -> save(list("# Images\n\n* a/b:v1\n* a/c:v1\n")));
    scenarios.put("the list is JSON", () -> save(list("[{\"image\": \"a/b:v1\"}]\n")));
    scenarios.put(
        "the list is an error in JSON", () -> save(list("{\"message\": \"Not Found\"}\n")));
    scenarios.put("the list is a kubeconfig", () -> save(list("apiVersion: v1\nkind: Config\n")));
    scenarios.put(
        "the list is a part of a file with logins",
        () -> save(list("- name: admin\n  user:\n    token: kubeconfig-u:x\n")));
    scenarios.put(
        "commands with a login in a list",
        () -> save(list("skopeo copy --src-creds u:p docker://a/b:c dir:x\n")));
    scenarios.put("a login in a list", () -> save(list("a/b:v1\nadmin:S3cretPw\n")));
    scenarios.put("what `list --sizes` prints", () -> save(list("1671620\ta/b:v1\n")));
    scenarios.put(
        "an address in place of a list",
        () -> run(new Object[0], "save", "--list", "https://h.lan/a.txt", "--output", "a.tar"));
    scenarios.put(
        "`--list one.txt,two.txt`",
        () -> run(new Object[0], "save", "--list", "one.txt,two.txt", "--output", "a.tar"));
    scenarios.put("an empty list", () -> save(list("")));
    scenarios.put("`docker://` in a list", () -> save(list("docker://rancher/shell:v1\n")));
    scenarios.put("`https://` in a list", () -> save(list("https://docker.io/a/b:v1\n")));
    scenarios.put(
        "a list in GBK", () -> save(file("# 中文\nrancher/shell:v1\n", Charset.forName("GBK"))));
    scenarios.put("a list in UTF-16", () -> save(file("a/b:v1\n", StandardCharsets.UTF_16)));
    scenarios.put("a full-width colon", () -> save(list("rancher/shell：v1\n")));
    scenarios.put("upper case in a name", () -> save(list("Rancher/Shell:v1\n")));
    scenarios.put("a list without images", () -> save(list("# none\n")));
    scenarios.put("an archive in place of a list", () -> save(sample));
    scenarios.put("a list that is not there", () -> save(folder.resolve("none.txt")));
    scenarios.put("a name without tag", () -> save(list(open.name() + "/rancher/sample-agent\n")));
  }

  private void archives() {
    scenarios.put("an archive that is not there", () -> load(folder.resolve("no.tar"), "h:1"));
    scenarios.put("a list in place of an archive", () -> load(list("a/b:v1\n"), "h:1"));
    scenarios.put(
        "an archive in bzip2",
        () -> load(Files.writeString(folder.resolve("a.tar.bz2"), "BZh91AY"), "h:1"));
    scenarios.put("a compressed archive that is cut off", () -> load(cutOff(), open.name()));
    scenarios.put("an archive that is cut off", () -> load(cut("cut.tar"), "h:1"));
    scenarios.put("an unfinished archive", () -> load(cut("a.tar.partial"), "h:1"));
  }

  private void options() {
    scenarios.put(
        "a mirror of a registry that no image has",
        () ->
            save(
                list(open.name() + "/rancher/sample-agent:v0.1.0\n"),
                "--mirror",
                "dockerhub.io=https://mirror.example"));
    scenarios.put(
        "a platform that no image has",
        () ->
            save(
                list(open.name() + "/rancher/sample-agent:v0.1.0\n"), "--platform", "linux/s390x"));
    scenarios.put(
        "a platform that does not exist",
        () -> save(list("a/b:v1\n"), "--platform", "linux/amd46"));
    scenarios.put("an option of another tool", () -> save(list("a/b:v1\n"), "--concurrency", "4"));
    scenarios.put(
        "an output that is there",
        () ->
            Command.run("save", "--list", list("a/b:v1\n"), "--output", sample, "--retries", "0"));
    scenarios.put(
        "a folder that is not there",
        () ->
            Command.run(
                "save", "--list", list("a/b:v1\n"), "--output", folder.resolve("no/images.tar")));
    scenarios.put(
        "the archive given as registry",
        () -> Command.run("load", "--archive", sample, "--registry", "Archive.tar/Name"));
  }

  private void slips() {
    scenarios.put(
        "a misspelt option of one side",
        () -> Command.run("sync", "--list", sample, "--registry", "h:1", "--usernam", "bob"));
    scenarios.put(
        "a password behind its option",
        () -> load(sample, "h:1", "--username", "bob", "--password-stdin=S3cretPw"));
    scenarios.put(
        "a damaged volume of several",
        () -> {
          volumes();
          Path second = folder.resolve("r-0002.tar");
          byte[] bytes = Files.readAllBytes(second);
          bytes[bytes.length / 2] ^= 1;
          Files.write(second, bytes);
          return Command.run("verify", folder.resolve("r-*.tar"));
        });
  }

  private void registries() {
    scenarios.put("nothing listens at the port", () -> load(sample, "localhost:" + closedPort()));
    scenarios.put("an unknown host", () -> load(sample, "no-such-host.invalid"));
    scenarios.put(
        "a web server",
        () ->
            at(
                server ->
                    server.on(
                        "*",
                        ".*",
                        FaultyRegistry.status(200, "<html></html>", "Content-Type: text/html"))));
    scenarios.put(
        "no right to push",
        () ->
            at(
                server ->
                    server.on(
                        "POST",
                        "uploads",
                        FaultyRegistry.status(403, "{\"errors\":[{\"code\":\"DENIED\"}]}"))));
    scenarios.put(
        "a full project",
        () ->
            at(
                server ->
                    server.on(
                        "POST",
                        "uploads",
                        FaultyRegistry.status(
                            403,
                            "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"adding 1 MiB of"
                                + " storage resource, which when updated to current usage will"
                                + " exceed the configured upper limit of 1 MiB.\"}]}"))));
    scenarios.put("a forgotten login", () -> load(sample, locked.name()));
    scenarios.put(
        "a wrong password",
        () ->
            Program.in(folder)
                .reading("wrong\n")
                .run(
                    "load",
                    "--archive",
                    sample,
                    "--registry",
                    locked.name(),
                    "--username",
                    DockerRegistry.USER,
                    "--password-stdin"));
    scenarios.put(
        "an image that is not there", () -> save(list(open.name() + "/rancher/none:v1\n")));
  }

  private void certificates() {
    scenarios.put("a certificate of its own", () -> load(sample, secure.name()));
    scenarios.put(
        "`--plain-http` where TLS is spoken", () -> load(sample, secure.name(), "--plain-http"));
    scenarios.put(
        "a name that the certificate does not have",
        () ->
            load(
                sample,
                secure.name().replace("localhost", "127.0.0.1"),
                "--ca-file",
                secure.certificate()));
    scenarios.put(
        "a key in place of the CA", () -> load(sample, secure.name(), "--ca-file", secure.key()));
    scenarios.put("an empty CA file", () -> load(sample, secure.name(), "--ca-file", list("")));
    scenarios.put(
        "a CA file that is not there",
        () -> load(sample, secure.name(), "--ca-file", folder.resolve("ca.pem")));
  }

  private void places() {
    scenarios.put("a clock in the past, with the right CA", this::loadBeforeItsTime);
    scenarios.put("a full disk", () -> saveTo(Path.of("/proc/images.tar"), Program.in(folder)));
    scenarios.put("a folder that can't be written", this::saveIntoLockedFolder);
    scenarios.put(
        "a certificate in DER as CA",
        () ->
            Program.in(folder)
                .reading(DockerRegistry.PASSWORD + "\n")
                .run(
                    "load",
                    "--archive",
                    sample,
                    "--registry",
                    secure.name(),
                    "--ca-file",
                    der(),
                    "--username",
                    DockerRegistry.USER,
                    "--password-stdin"));
    scenarios.put(
        "https where no TLS is spoken",
        () -> load(sample, open.name(), "--ca-file", secure.certificate()));
    scenarios.put("a wrong proxy", this::loadThroughClosedProxy);
    scenarios.put(
        "a project that is missing at Harbor",
        () -> {
          try (HarborSite site = new HarborSite(folder)) {
            site.add("suse/bci:v1", 100);
            return site.sync("--create-projects=never");
          }
        });
    scenarios.put(
        "list and password both by standard input",
        () ->
            Program.in(folder)
                .reading("a/b:v1\n")
                .run(
                    "load",
                    "--archive",
                    sample,
                    "--list",
                    "-",
                    "--registry",
                    locked.name(),
                    "--username",
                    DockerRegistry.USER,
                    "--password-stdin"));
  }

  private Command loadBeforeItsTime() throws Exception {
    Authority authority = new Authority(folder);
    Authority.Issued early = authority.issueForLater("localhost");
    try (Nginx front = Nginx.before(open, Optional.of(early), "1m")) {
      return load(sample, front.name(), "--ca-file", authority.certificate());
    }
  }

  private Command saveIntoLockedFolder() throws Exception {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
    Program save = Program.in(folder);
    if (Files.isWritable(locked)) {
      // Root may write everywhere, but for that.
      save.after("set -- setpriv --bounding-set=-dac_override \"$@\"");
    }
    return saveTo(locked.resolve("images.tar"), save);
  }

  private Command saveTo(Path archive, Program save) throws Exception {
    Path list = list(open.name() + "/rancher/sample-agent:v0.1.0\n");
    return save.run("save", "--list", list, "--output", archive);
  }

  private Command loadThroughClosedProxy() throws Exception {
    return Program.in(folder)
        .withVariable("HTTPS_PROXY", "http://localhost:" + closedPort())
        .run("load", "--archive", sample, "--registry", "registry.example", "--retries", "0");
  }

  private void otherArchives() {
    scenarios.put(
        "one volume alone",
        () -> {
          volumes();
          return load(folder.resolve("r-0001.tar"), open.name() + "/alone");
        });
    scenarios.put(
        "the name that the volumes were saved with",
        () -> {
          volumes();
          return load(folder.resolve("r.tar"), open.name() + "/volumes");
        });
    scenarios.put(
        "a delta before its base",
        () -> {
          String agent = open.name() + "/rancher/sample-agent:v0.1.0\n";
          Path base = saved("base.tar", agent);
          Path delta =
              saved(
                  "delta.tar",
                  agent + open.name() + "/rancher/sample-webhook:v0.1.0\n",
                  "--base",
                  base);
          return load(delta, open.name() + "/delta");
        });
    scenarios.put(
        "two archives of two lists",
        () -> {
          Path one = saved("one.tar", open.name() + "/rancher/sample-agent:v0.1.0\n");
          Path two = saved("two.tar", open.name() + "/rancher/sample-shell:v0.1.0\n");
          return load(one, open.name() + "/both", "--archive", two);
        });
    scenarios.put("a docker archive", () -> load(converted("docker"), open.name() + "/docker"));
    scenarios.put("an OCI archive of skopeo", () -> load(converted("oci"), open.name() + "/oci"));
    scenarios.put(
        "a list with the names of Harbor",
        () ->
            load(
                sample,
                open.name(),
                "--list",
                list("harbor.example.com/rancher/sample-agent:v0.1.0\n")));
    scenarios.put(
        "a list with a tag that the archive does not have",
        () ->
            load(
                sample,
                open.name(),
                "--list",
                list("rancher/sample-agent:v0.1.0\nrancher/sample-agent:v9\n")));
    scenarios.put(
        "JSON in place of an inventory",
        () -> run(new Object[0], "diff", sample, list("{\"images\": []}\n")));
  }

  private Path saved(String name, String list, Object... more) throws IOException {
    Path archive = folder.resolve(name);
    Command save = run(more, "save", "--list", list(list), "--output", archive);
    assertThat(save.exitCode()).as(save.err()).isZero();
    return archive;
  }

  private void volumes() throws IOException {
    Command save =
        Command.run(
            "save",
            "--list",
            list(
                open.name()
                    + "/rancher/sample-agent:v0.1.0\n"
                    + open.name()
                    + "/rancher/sample-shell:v0.1.0\n"),
            "--output",
            folder.resolve("r.tar"),
            "--volume-size",
            "1300k");
    assertThat(save.exitCode()).as(save.err()).isZero();
    assertThat(folder.resolve("r-0002.tar")).exists();
  }

  private Path converted(String transport) throws Exception {
    Path file = folder.resolve(transport + ".tar");
    Skopeo.run(
        "copy",
        "--src-tls-verify=false",
        "docker://" + open.name() + "/rancher/sample-agent:v0.1.0",
        transport + "-archive:" + file + ":docker.io/rancher/sample-agent:v0.1.0");
    return file;
  }

  private Path der() throws Exception {
    try (InputStream pem = Files.newInputStream(secure.certificate())) {
      return Files.write(
          folder.resolve("ca.der"),
          CertificateFactory.getInstance("X.509").generateCertificate(pem).getEncoded());
    }
  }

  static Stream<Row> rows() throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .dropWhile(line -> !line.contains("begin of the table of situations"))
        .takeWhile(line -> !line.contains("end of the table of situations"))
        .filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
        .skip(1)
        .map(Row::of);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isToldWithItsRemedy(Row row) throws Exception {
    Command command = scenarios.get(row.situation()).run();
    String printed = command.out() + command.err();
    assertThat(row.printed()).isNotEmpty();
    assertThat(printed).contains(row.printed());
    assertThat(printed).doesNotContain("\tat ").doesNotContain("a mistake of this program");
    assertThat(command.exitCode()).as(printed).isEqualTo(row.exitCode());
  }

  @Test
  void theTableHasEverySituation() throws IOException {
    assertThat(rows().map(Row::situation)).containsExactlyInAnyOrderElementsOf(scenarios.keySet());
  }

  private Command save(Path list, Object... more) {
    return run(
        more,
        "save",
        "--list",
        list,
        "--output",
        folder.resolve("images.tar"),
        "--failed",
        folder.resolve("failed.txt"),
        "--retries",
        "0");
  }

  private static Command load(Path archive, String registry, Object... more) {
    return run(
        more,
        "load",
        "--archive",
        archive,
        "--registry",
        registry,
        "--failed",
        shared.resolve("failed.txt"),
        "--retries",
        "0");
  }

  private static Command run(Object[] more, Object... arguments) {
    return Command.run(Stream.of(arguments, more).flatMap(Stream::of).toArray());
  }

  private interface Fault {
    void in(FaultyRegistry registry);
  }

  private static Command at(Fault fault) throws IOException {
    try (FaultyRegistry registry = new FaultyRegistry()) {
      fault.in(registry);
      return load(sample, registry.name());
    }
  }

  private Path list(String text) throws IOException {
    return file(text, StandardCharsets.UTF_8);
  }

  private Path file(String text, Charset charset) throws IOException {
    return Files.write(folder.resolve("list.txt"), text.getBytes(charset));
  }

  private Path cut(String name) throws IOException {
    byte[] whole = Files.readAllBytes(sample);
    return Files.write(folder.resolve(name), Arrays.copyOf(whole, whole.length / 2));
  }

  private Path cutOff() throws IOException {
    Path file = folder.resolve("a.tar.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      Files.copy(sample, out);
    }
    return Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1000));
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

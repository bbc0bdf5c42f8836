package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mirrorimages.image.Json;
import io.mirrorimages.testing.FaultyRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Command lines as tired people write them: each is refused in one line that says what to do,
 * before any file is written. In the rows {@code @name} is a file of the folder, such as a list, an
 * archive or what was taken for one.
 */
class WrongCommandLinesTest {
  @TempDir private static Path folder;
  private static Map<String, String> precious;

  @BeforeAll
  static void makeFiles() throws IOException {
    assertThat(Command.run("sample", "--output", folder.resolve("a.tar")).exitCode()).isZero();
    write("l.txt", "rancher/shell:v1\n");
    write("page.html", "<!DOCTYPE html>\n<html><body>404</body></html>\n");
    write("upper.txt", "Rancher/Shell:v1\n");
    write("scheme.txt", "https://docker.io/rancher/shell:v1\n");
    write("transport.txt", "docker://docker.io/rancher/shell:v1\n");
    write("colon.txt", "rancher/shell\uff1av0.4.1\n");
    write("not-found.txt", "404: Not Found\n");
    write("bare-not-found.txt", "Not Found\n");
    write("empty.txt", "");
    Files.write(
        folder.resolve("utf16.txt"), "rancher/shell:v1\n".getBytes(StandardCharsets.UTF_16));
    byte[] whole = Files.readAllBytes(folder.resolve("a.tar"));
    Files.write(folder.resolve("cut.tar"), Arrays.copyOf(whole, whole.length / 2));
    Files.write(folder.resolve("other.tar.partial"), whole);
    Files.writeString(folder.resolve("packed.tar.bz2"), "BZh91AY&SY");
    precious = contents();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Commands and options.
        "svae --list @l.txt --output @x.tar | unknown command \"svae\": did you mean save?",
        "save --lsit @l.txt --output @x.tar | unknown option --lsit: did you mean --list?",
        "save -l @l.txt -i @x.tar | unknown option -i: did you mean --list or --output?",
        "load -i @a.tar -r h | unknown option -i: did you mean --archive?",
        "save --image-list @l.txt | unknown option --image-list: did you mean --list?",
        "save @l.txt --output @x.tar | l.txt belongs to no option: did you mean --list",
        "--list @l.txt save | unknown option --list: it belongs behind a command",
        "save --list @l.txt | no archive to make: add --output FILE",
        "save --output @x.tar | no image list: add --list FILE",
        "load @a.tar | no target: add --registry HOST[/PROJECT]",
        "load -r h | no archive: name its file",
        "verify | nothing to verify: add --archive FILE, or --list FILE and --registry HOST",
        "help svae | unknown command \"svae\": did you mean save?",
        "save --list --output @x.tar | --list needs a value: FILE",
        "load @a.tar --registry | --registry needs a value: HOST[/PROJECT]",
        // Credentials.
        "load @a.tar -r h --username bob | --username needs --password-stdin",
        "load @a.tar -r h --username robot$a:S3cr3t --password-stdin | : --username takes no colon"
            + " and no control characters: the password comes by standard input",
        "load @a.tar -r h --username h=bob:S3cr3t --password-stdin | : --username takes no colon",
        "load @a.tar -r h --password-stdin | --password-stdin needs --username NAME",
        "load @a.tar -r h --password secret | unknown option --password: a password comes by"
            + " --password-stdin",
        "load @a.tar -r h --user bob | unknown option --user: did you mean --username?",
        "load @a.tar -r bob@h | --registry takes a host without a user: use docker login",
        "load @a.tar -r h --target-password-stdin=x | : --password-stdin takes no value: the"
            + " password comes by",
        "sync -l @l.txt -r h --usernam bob | did you mean --target-username or --source-username?",
        "sync -l @l.txt -r h --plain-htp | did you mean --target-plain-http or"
            + " --source-plain-http?",
        "sync -l @l.txt -r h --ca-file c.pem | unknown option --ca-file: did you mean"
            + " --target-ca-file or --source-ca-file?",
        "sync -l @l.txt -r h --password-stdin | unknown option --password-stdin: did you mean"
            + " --target-password-stdin or --source-password-stdin?",
        "sync -l @l.txt -r h --password x | unknown option --password: a password comes by"
            + " --target-password-stdin or --source-password-stdin",
        "sync -l @l.txt -r h --source-cert-file @a.tar | --source-cert-file and"
            + " --source-key-file go together",
        "sync -l @l.txt -r bob@h | or --target-username with --target-password-stdin",
        "sync -l @l.txt -r h --dest-creds a:b | unknown option --dest-creds: did you mean"
            + " --target-username and --target-password-stdin?",
        // The names of other tools and commands.
        "save -l @l.txt -r h | unknown option -r: -r is --registry of load",
        "load @a.tar -o @x | unknown option -o: -o is --output of save",
        "save --images @l.txt | unknown option --images: did you mean --list or --output?",
        "save -l @l.txt --retry 3 | did you mean --retries?",
        "save -l @l.txt --concurrency 3 | did you mean --jobs?",
        "save -l @l.txt --parallel 3 | did you mean --jobs?",
        "load @a.tar -r h --creds a:b | did you mean --username and --password-stdin?",
        "load @a.tar -r h --tls-verify=false | did you mean --ca-file or --plain-http?",
        "load @a.tar -r h --skip-tls-verify | did you mean --ca-file or --plain-http?",
        "save --from @l.txt | did you mean --list?",
        "load --file @a.tar -r h | did you mean --archive?",
        "serve @a.tar --port 19150 | did you mean --listen?",
        "pull -l @l.txt | unknown command \"pull\": did you mean save?",
        "push @a.tar | did you mean load?",
        "copy -l @l.txt | did you mean sync?",
        "ls @a.tar | did you mean list?",
        "save -l @l.txt --output --overwrit | unknown option --overwrit: did you mean --overwrite?",
        "save -l @l.txt --output --list @x | --output needs a value: FILE|oci:DIR",
        "save -l @l.txt -o @x.tar -o @y.tar | --output is given twice: give it once",
        "save -l @l.txt -o @x.tar --quiet=yes | --quiet takes no value",
        "save -l @l.txt -o @x.tar --registry h | unknown option --registry: it is an option of"
            + " load",
        "load @a.tar -r h --output @x.tar | unknown option --output: it is an option of save",
        "load @a.tar -r h --username | --username needs a value: [HOST=]NAME",
        "load @a.tar -r h --archive | --archive needs a value: ARCHIVE",
        "sync -l @l.txt -r h --src-tls-verify=false | did you mean --source-ca-file or"
            + " --source-plain-http?",
        "save -l @l.txt --tar @x.tar | unknown option --tar: did you mean --output?",
        "load @a.tar --to h | unknown option --to: did you mean --registry?",
        "plan svae -l @l.txt | unknown command \"plan svae\": did you mean save?",
        "plan a.tar | unknown command \"plan a.tar\": it is one of save, load, sync",
        "plan pull -l @l.txt | unknown command \"plan pull\": did you mean save?",
        "limits all | an argument belongs to no option (number 2): leave it out, or put its option"
            + " before it",
        "check @a.tar --registries @a.tar | is no image: give an archive as --archive",
        "diff | OLD and NEW are missing, as in mirror-images diff OLD NEW",
        "diff @a.tar | NEW is missing, as in mirror-images diff OLD NEW",
        // Lists.
        "save -o @x.tar --list @l.txt,@l.txt | no such file",
        "save -o @x.tar --list @ | is a directory, not an image list",
        "save -o @x.tar --list @nowhere.txt | nowhere.txt: no such file",
        "save -o @x.tar --list @nowhere*.txt | no file is called like",
        "save -o @x.tar --list @page.html | page.html: is a web page or other XML, not an image"
            + " list: was it downloaded without an error?",
        "save -o @x.tar --list @upper.txt | upper.txt:1: \"Rancher/Shell:v1\": names are lower"
            + " case",
        "save -o @x.tar --list @scheme.txt | an address, not a name: leave out https://",
        "save -o @x.tar --list @transport.txt | an address, not a name: leave out docker://",
        "save -o @x.tar --list @colon.txt | it has full-width or invisible characters: write"
            + " \"rancher/shell:v0.4.1\"",
        "save -o @x.tar --list @empty.txt | no images in",
        "save -o @x.tar --list @utf16.txt | UTF-16",
        "save -o @x.tar --list @a.tar | is a tar archive, not an image list",
        "save -o @x.tar --list @not-found.txt | is what a server said instead of a file (\"404: Not"
            + " Found\"), not an image list: download it again, with curl -f",
        "save -o @x.tar --list @bare-not-found.txt | is what a server said instead of a file (\"Not"
            + " Found\"), not an image list: download it again, with curl -f",
        // Where archives go.
        "save -l @l.txt -o @ | is a folder: name a file in it",
        "save -l @l.txt -o @x.tar.gz | an archive is not compressed",
        "save -l @l.txt -o - | can't be written to standard output",
        "save -l @l.txt -o oci:- | a folder can't be standard output",
        "save -l @l.txt -o @l.txt | l.txt is the --list too",
        "save -l @l.txt -o @l.txt --overwrite | l.txt is the --list too",
        "save -l @l.txt -o @page.html --overwrite | page.html is no archive that save made",
        "save -l @l.txt -o @x.tar --report @l.txt | l.txt is the --list too",
        "save -l @l.txt -o @x.tar --report @f --failed @f | f is the --",
        "save -l @l.txt -o @nowhere/x.tar | does not exist",
        // Values.
        "save -l @l.txt -o @x.tar --platform amd64 | linux/amd64",
        "save -l @l.txt -o @x.tar --platform all | linux/amd64",
        "save -l @l.txt -o @x.tar --platform linux/amd64,linux/arm64 | --platform takes one"
            + " platform: repeat --platform, as in --platform linux/amd64 --platform linux/arm64",
        "save -l @l.txt -o @x.tar --platform linux/amd46 | --platform: \"linux/amd46\" is no"
            + " platform that exists: did you mean linux/amd64?",
        "save -l @l.txt -o @x.tar --platform Linux/ARM64 | did you mean linux/arm64?",
        "save -l @l.txt -o @x.tar --platform linux/arm64v8 | did you mean linux/arm64?",
        "save -l @l.txt -o @x.tar --platform linus/armm/v7 | did you mean linux/arm/v7?",
        "save -l @l.txt -o @x.tar --platform linux/vax | is no platform that exists: architectures"
            + " are amd64, arm64, arm, 386",
        "save -l @l.txt -o @x.tar --deadline 1.5h | --deadline takes a time as 90s, 30m, 6h",
        "save -l @l.txt -o @x.tar --deadline 2hours | --deadline takes a time as 90s, 30m, 6h",
        "save -l @l.txt -o @x.tar --volume-size 4 | give a unit, as in 4G",
        "save -l @l.txt -o @x.tar --volume-size much | give a size, as in 4G",
        "save -l @l.txt -o @x.tar --max-rate fast | not an amount of bytes: \"fast\" (as in 500k,"
            + " 20M",
        "save -l @l.txt -o @x.tar --jobs 0 | --jobs takes a number from 1 to 64, not \"0\"",
        "save -l @l.txt -o @x.tar --jobs 1000 | --jobs takes a number from 1 to 64",
        "save -l @l.txt -o @x.tar --retries abc | --retries takes a number from 0 to 1000, not"
            + " \"abc\"",
        "save -l @l.txt -o @x.tar --deadline 5 | --deadline takes a time as 90s, 30m, 6h or 1h30m",
        "save -l @l.txt -o @x.tar --mirror https://m.lan | it is of the form docker.io=https://",
        "save -l @l.txt -o @x.tar --resolve best | --resolve takes origin|mirror|newest",
        "load @a.tar -r h --mapping foo | --mapping takes flat|rancher|by-registry",
        "load @a.tar -r h --create-projects yes | --create-projects takes private|public|never",
        "load @a.tar -r h/Mirror | lower case",
        // Archives.
        "load -a h.lan:5000 -r @a.tar | a.tar is a file, not a registry: give it as --archive",
        "load @nowhere.tar -r h | nowhere.tar does not exist: give the path of an archive",
        "verify @nowhere*.tar | no file is called like",
        "verify @ | is a folder with archives: give these, as in '",
        "verify - | can't be read from standard input",
      })
  void isRefusedInOneLineThatSaysWhatToDo(String line, String says) throws IOException {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Command said = Command.run(new ByteArrayOutputStream(), err, words(line));
    assertThat(said.complaint(2)).contains(says);
    assertThat(err.toString(StandardCharsets.UTF_8)).as("no time").startsWith("mirror-images: ");
    assertThat(contents()).isEqualTo(precious);
  }

  /** Whatever finds the mistake: the parser, the command, its list or the check of its files. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "save --log-format json --lsit @l.txt -o @x.tar | unknown option --lsit",
        "save --lsit @l.txt -o @x.tar --log-format=json | unknown option --lsit",
        "svae --log-format json -l @l.txt -o @x.tar | unknown command \"svae\"",
        "save --log-format json -l @l.txt | no archive to make",
        "save --log-format json -l @nowhere.txt -o @x.tar | no such file",
        "save --log-format json -l @l.txt -o @l.txt | is the --list too",
      })
  void aProgramGetsTheMistakeAsAnEvent(String line, String says) throws IOException {
    Command said = run(line);

    assertThat(said.complaint(2)).contains(says);
    JsonNode event = Json.parse(said.out().getBytes(StandardCharsets.UTF_8), "the event");
    assertThat(event.path("event").asString()).isEqualTo("run-ended");
    assertThat(event.path("exitCode").asInt()).isEqualTo(2);
    assertThat(event.path("message").asString()).contains(says);
    assertThat(contents()).isEqualTo(precious);
  }

  /** In a quiet run what a program reads is on standard error, so there is nothing else. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "save -q --log-format json --lsit @l.txt -o @x.tar | unknown option --lsit",
        "save --quiet --log-format json -l @nowhere.txt -o @x.tar | no such file",
        "verify --quiet --log-format json @nowhere.tar | does not exist",
      })
  void aQuietProgramGetsItOnStandardError(String line, String says) throws IOException {
    Command said = run(line);

    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.out()).isEmpty();
    List<String> lines = said.err().lines().toList();
    assertThat(lines).hasSize(1);
    JsonNode event = Json.parse(lines.getLast().getBytes(StandardCharsets.UTF_8), "the event");
    assertThat(event.path("event").asString()).isEqualTo("run-ended");
    assertThat(event.path("message").asString()).contains(says);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "save --lsit @l.txt -o @x.tar --log-file %s | unknown option --lsit",
        "save --log-file=%s -l @l.txt -o @x.tar --jobs 0 | --jobs takes a number",
        "save --log-file %s -l @nowhere.txt -o @x.tar | no such file",
        "verify --log-file %s @nowhere.tar | nowhere.tar does not exist",
        "svae --log-file %s -l @l.txt -o @x.tar | unknown command",
      })
  void aLogFileHasTheMistakeToo(String line, String says, @TempDir Path logs) throws IOException {
    Path log = logs.resolve("run.log");

    assertThat(run(line.formatted(log)).complaint(2)).contains(says);
    assertThat(Files.readString(log)).matches("(?s)\\d{4}-\\d\\d-\\d\\dT\\S+ mirror-images: .*\n");
    assertThat(log).content().contains(says).hasLineCount(1);

    run(line.formatted(log) + " --log-format json");
    assertThat(Files.readAllLines(log).getLast()).startsWith("{").contains("run-ended", says);
    assertThat(contents()).isEqualTo(precious);
  }

  @Test
  void aWrongCommandLineIsNotWrittenToALogThatIsNone() throws IOException {
    assertThat(run("save --lsit @l.txt -o @x.tar --log-file @l.txt").complaint(2))
        .contains("unknown option --lsit");
    assertThat(contents()).isEqualTo(precious);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "load @l.txt -r h | is not a tar file",
        "load @cut.tar -r h | copied",
        "load @other.tar.partial -r h | which resumes it and then calls it other.tar",
        "diff @packed.tar.bz2 @a.tar | bzip2 -d",
      })
  void whatIsNoWholeArchiveIsCalledByItsName(String line, String says) throws IOException {
    assertThat(run(line).complaint(3)).contains(says);
    assertThat(contents()).isEqualTo(precious);
  }

  /** They are no mistakes: the registry, which is not there, is asked. */
  @ParameterizedTest
  @CsvSource({
    "https://127.0.0.1:PORT/",
    "https://127.0.0.1:PORT/p",
    "http://127.0.0.1:PORT",
    "127.0.0.1:PORT/",
    "127.0.0.1:PORT/p/",
  })
  void aRegistryIsTakenAsItIsMeant(String registry, @TempDir Path lists) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(500, -1);
          exchange.close();
        });
    server.start();
    try {
      String place = registry.replace("PORT", Integer.toString(server.getAddress().getPort()));
      Command load =
          run(
              "load @a.tar --retries 0 --patience 1s --failed "
                  + lists.resolve("failed")
                  + " -r "
                  + place);

      assertThat(load.exitCode()).isEqualTo(3);
      assertThat(load.err()).contains("127.0.0.1:" + server.getAddress().getPort(), "500");
      assertThat(load.err().contains("asked without TLS")).isEqualTo(place.startsWith("http:"));
    } finally {
      server.stop(0);
    }
  }

  /** A server that wants a login at one side and takes all at the other. */
  @ParameterizedTest
  @CsvSource({"source, target", "target, source"})
  void aRefusalNamesTheOptionsOfItsSide(String refusing, String other, @TempDir Path lists)
      throws IOException {
    HttpServer open = server(404);
    HttpServer closed = server(401);
    try {
      HttpServer source = refusing.equals("source") ? closed : open;
      HttpServer target = refusing.equals("source") ? open : closed;
      Path list = Files.writeString(lists.resolve("list"), host(source) + "/a/b:1\n");
      Command sync =
          run(
              "sync --retries 0 --patience 1s --list %s --failed %s -r %s"
                  .formatted(list, lists.resolve("failed"), host(target)));

      assertThat(sync.out() + sync.err())
          .contains("--" + refusing + "-username with --" + refusing + "-password-stdin")
          .doesNotContain("--" + other + "-", "{setting");
    } finally {
      open.stop(0);
      closed.stop(0);
    }
  }

  private static HttpServer server(int status) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          if (status == 401) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
          }
          exchange.sendResponseHeaders(
              exchange.getRequestURI().getPath().equals("/v2/") && status != 401 ? 200 : status,
              -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String host(HttpServer server) {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void aMisspeltCommandIsInItsReport(@TempDir Path reports) throws IOException {
    Path report = reports.resolve("report.json");
    run("save --lsit @l.txt --report " + report);
    assertThat(report).content().contains("unknown option --lsit");

    run("svae --list @l.txt --output @x.tar --report " + report);

    assertThat(report).content().contains("unknown command \\\"svae\\\"", "\"exitCode\" : 2");
  }

  @ParameterizedTest
  @CsvSource({
    "help, --help",
    "help load, load --help",
    "load help, load --help",
    "help help, --help",
    "version, --version"
  })
  void helpAndVersionAreWordsToo(String words, String options) {
    Command said = run(words);

    assertThat(said.exitCode()).isZero();
    assertThat(said.out()).isNotBlank();
    assertThat(said).isEqualTo(run(options));
  }

  @ParameterizedTest
  @CsvSource({
    "load @nope.args, nope.args",
    "sync --registry h @/none/nope.args, /none/nope.args",
    "sync @/none/nope.args --list l.txt, /none/nope.args",
    "@nope.args, nope.args",
    "inspect a.tar @sha256:00, ''",
    "load --archive @nope.tar, ''",
    "load @@nope, ''",
  })
  void anArgumentFileThatIsMissingIsNamed(String words, String file) {
    Command said = Command.run((Object[]) words.split(" "));

    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err().lines().filter(line -> line.contains("argument file")).toList())
        .isEqualTo(
            file.isEmpty()
                ? List.of()
                : List.of(
                    "mirror-images: argument file "
                        + file
                        + " does not exist: name one that does"));
  }

  private static Command run(String line) {
    return Command.run(words(line));
  }

  private static Object[] words(String line) {
    return line.replace("@", folder + "/").replace("bob" + folder + "/", "bob@").split(" ");
  }

  private static void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /** The digest of each file: a failure shows which one, not what is in it. */
  private static Map<String, String> contents() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Map<String, String> all = new java.util.TreeMap<>();
      for (Path file : files.toList()) {
        all.put(file.getFileName().toString(), FaultyRegistry.sha256(Files.readAllBytes(file)));
      }
      return all;
    }
  }
}

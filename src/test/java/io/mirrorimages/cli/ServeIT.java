package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.testing.Skopeo;
import io.mirrorimages.testing.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code serve} as a process: TLS, passwords, signals, and what it says of wrong options. */
@Timeout(300)
class ServeIT {
  private static final Pattern ADDRESS = Pattern.compile("on (https?)://[^ ]*:([0-9]+)\\n");
  private static final String PASSWORD = "s3cret:with colon";
  private static final String HTPASSWD =
      "carol:$2b$05$pxlgSmr213a8pWTt0bvqKO66YXZwF4eR1c5i/WeN/LYEeQ59H/Lr2\n";
  private static final String IMAGE = "/rancher/sample-shell:v0.1.0";

  @TempDir private Path folder;
  private Path sample;
  private Program.Running running;

  @BeforeEach
  void makeSample() throws Exception {
    sample = folder.resolve("sample.tar");
    assertThat(Command.run("sample", "--output", sample).exitCode()).isZero();
    openssl("own");
    openssl("other");
    Files.writeString(folder.resolve("htpasswd"), HTPASSWD);
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (running != null) {
      running.process().destroyForcibly().waitFor();
    }
  }

  @Test
  void overTlsAndWithAPasswordItServesWhoHasBoth() throws Exception {
    Path trusted = Files.createDirectories(folder.resolve("trusted"));
    Files.copy(folder.resolve("own.pem"), trusted.resolve("ca.crt"));
    String server =
        "localhost:"
            + start(
                "https",
                "--listen=127.0.0.1:0",
                "--tls-cert=own.pem",
                "--tls-key=own.key",
                "--htpasswd=htpasswd");

    assertThat(inspect(server, "--cert-dir=" + trusted, "--creds=carol:" + PASSWORD))
        .contains("\"manifests\"");
    assertThat(refusal(server, "--cert-dir=" + trusted, "--no-creds")).contains("unauthorized");
    assertThat(refusal(server, "--cert-dir=" + trusted, "--creds=carol:wrong"))
        .contains("unauthorized");
    assertThat(refusal(server, "--creds=carol:" + PASSWORD)).contains("certificate");
    assertThat(refusal(server, "--tls-verify=false", "--creds=dave:" + PASSWORD))
        .contains("unauthorized");
    Command ended = end("TERM");
    assertThat(ended.out() + ended.err()).doesNotContain(PASSWORD, "$2b$", "carol");
  }

  @Test
  void ourOwnCommandsReadFromItWithThePasswordByStandardInput() throws Exception {
    running =
        Program.in(folder)
            .reading(PASSWORD + "\n")
            .start(
                "serve",
                "--archive",
                sample,
                "--listen=127.0.0.1:0",
                "--username=robot$mirror",
                "--password-stdin");
    String server = "127.0.0.1:" + port("http");

    assertThat(verify(server, PASSWORD).out()).contains("6 verified");
    Command wrong = verify(server, "wrong");
    assertThat(wrong.exitCode()).isNotZero();
    assertThat(wrong.out() + wrong.err()).contains("refuses user").doesNotContain(PASSWORD);
    Command ended = end("TERM");
    assertThat(ended.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void aSignalEndsItWithoutAWordAndFreesThePort(String signal, int exitCode) throws Exception {
    String port = start("http", "--listen=127.0.0.1:0");
    assertThat(inspect("127.0.0.1:" + port, "--tls-verify=false")).contains("\"manifests\"");

    Command ended = end(signal);

    assertThat(ended.exitCode()).isEqualTo(exitCode);
    assertThat(ended.complaints()).isEmpty();
    assertThat(ended.out().lines()).hasSize(1);
    try (ServerSocket again = new ServerSocket()) {
      again.setReuseAddress(true);
      again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
      assertThat(again.isBound()).isTrue();
    }
  }

  @Test
  void onAnAddressOfOthersItSaysWhoCanReadWhat() throws Exception {
    start("http", "--listen=0.0.0.0:0");
    assertThat(end("TERM").complaint(143)).contains("everyone", "--htpasswd");

    start("http", "--listen=0.0.0.0:0", "--htpasswd=htpasswd");
    assertThat(end("TERM").complaint(143)).contains("unencrypted", "--tls-cert");

    start(
        "https",
        "--listen=0.0.0.0:0",
        "--htpasswd=htpasswd",
        "--tls-cert=own.pem",
        "--tls-key=own.key");
    assertThat(end("TERM").complaints()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--tls-cert=FOLDER/own.pem, --tls-key go together",
    "--tls-key=FOLDER/own.key, --tls-key go together",
    "--tls-cert=FOLDER/own.pem --tls-key=FOLDER/other.key, do not work together",
    "--tls-cert=FOLDER/own.key --tls-key=FOLDER/own.key, own.key is not a PEM file with"
        + " certificates",
    "--tls-cert=FOLDER/own.pem --tls-key=FOLDER/own.pem, own.pem has no private key",
    "--tls-cert=FOLDER/absent.pem --tls-key=FOLDER/own.key, absent.pem does not exist",
    "--tls-cert=FOLDER/own.pem --tls-key=FOLDER, cannot read",
    "--htpasswd=FOLDER/absent, absent does not exist",
    "--htpasswd=FOLDER/own.key, own.key:1: not a user with a bcrypt hash",
    "--htpasswd=FOLDER, cannot read",
    "--username=carol, --password-stdin go together",
    "--password-stdin, --password-stdin go together",
    "--username=carol --password-stdin --htpasswd=FOLDER/htpasswd, not both",
    "--listen=127.0.0.1, --listen takes HOST:PORT",
    "--listen=127.0.0.1:99999, --listen takes HOST:PORT",
    "--listen=no-such-host.invalid:0, the host is not known",
    "--listen=192.0.2.1:0, can't listen on 192.0.2.1",
  })
  void aWrongOptionIsOneLineAndNothingIsServed(String options, String said) {
    String[] all = options.replace("FOLDER", folder.toString()).split(" ");

    Command ended =
        Command.run(
            Stream.concat(Stream.of("serve", "--archive", sample), Arrays.stream(all)).toArray());

    assertThat(ended.complaint(2)).contains(said).doesNotContain("PRIVATE KEY");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void aPasswordThatDoesNotComeIsOneLine() throws Exception {
    Command ended =
        Program.in(folder).run("serve", "-a", sample, "--username=carol", "--password-stdin");

    assertThat(ended.complaint(2)).contains("no password came");
  }

  @Test
  void aPortThatIsTakenIsOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThat(Command.run("serve", "--archive", sample, "--listen", address).complaint(2))
          .contains("can't listen on " + address, "give another address or port");
    }
  }

  @Test
  void anIpv6AddressIsPrintedAsAUrlHasIt() throws Exception {
    try {
      new ServerSocket(0, 1, InetAddress.ofLiteral("::1")).close();
    } catch (SocketException e) {
      Assumptions.abort("this machine has no IPv6");
    }
    String url = "http://[::1]:" + start("http", "--listen=[::1]:0");

    try (InputStream answer = URI.create(url + "/v2/").toURL().openStream()) {
      assertThat(answer).hasContent("{}");
    }
    assertThat(end("TERM").out()).contains(" on " + url + "\n");
  }

  /** Starts it and gives its port. */
  private String start(String scheme, String... options) throws Exception {
    running =
        Program.in(folder)
            .start(
                Stream.concat(
                        List.<Object>of("serve", "--archive", sample).stream(),
                        Arrays.stream(options))
                    .toArray());
    return port(scheme);
  }

  private String port(String scheme) throws IOException, InterruptedException {
    MatchResult address = running.awaitOutput(ADDRESS);
    assertThat(address.group(1)).isEqualTo(scheme);
    return address.group(2);
  }

  private Command end(String signal) throws Exception {
    running.signal(signal);
    return running.end();
  }

  private static String inspect(String server, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("inspect", "--raw"));
    command.addAll(List.of(options));
    command.add("docker://" + server + IMAGE);
    return new String(Skopeo.run(command.toArray(String[]::new)), StandardCharsets.UTF_8);
  }

  private static String refusal(String server, String... options) throws Exception {
    String got;
    try {
      got = inspect(server, options);
    } catch (AssertionError e) {
      return e.getMessage();
    }
    throw new AssertionError("it was not refused: " + got);
  }

  private Command verify(String server, String password) throws Exception {
    Path list = folder.resolve("sample.txt");
    return Program.in(folder)
        .reading(password + "\n")
        .run(
            "verify",
            "--list",
            list,
            "--registry",
            server,
            "--username=robot$mirror",
            "--password-stdin",
            "--retries=0");
  }

  private void openssl(String name) throws Exception {
    Tool.run(
        List.of(
            ("openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
                    + " -subj /CN=localhost -addext subjectAltName=DNS:localhost"
                    + " -keyout "
                    + folder.resolve(name + ".key")
                    + " -out "
                    + folder.resolve(name + ".pem"))
                .split(" ")),
        Map.of());
  }
}

package io.mirrorimages.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mirrorimages.credential.Credential;
import io.mirrorimages.image.InvalidContentException;
import io.mirrorimages.image.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What K3s' reader, Go's yaml.v2, takes, refuses and passes over; expected results are its own. */
class RegistriesFileTest {
  @TempDir private Path folder;

  @Test
  void aNullMirrorIsOneWithoutEndpoints() {
    RegistriesFile file = parse("mirrors:\n  docker.io:\n");
    assertThat(file.mirrors().get("docker.io").endpoints()).isEmpty();
    assertThat(texts(file)).containsExactly("f:2: the mirror of \"docker.io\" has no endpoint");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mirrors: {docker.io: {endpoint: https://x}}",
        "mirrors: {docker.io: https://x}",
        "mirrors: [docker.io]",
        "mirrors: ''",
        "mirrors: {a: {endpoint: x, endpoint: [y]}}",
        "mirrors: {? {a: b} : {endpoint: [x]}}",
        "configs: {h: {tls: {insecure_skip_verify: 'yes'}}}",
        "mirrors: {docker.io: {rewrite: [a]}}",
        "mirrors: {docker.io: {endpoint: [{a: b}]}}",
        "configs: {h: {tls: {insecure_skip_verify: \"true\"}}}",
        "configs: {h: {tls: {insecure_skip_verify: 1}}}",
        "- mirrors",
        "mirrors",
        "mirrors:\n  *:\n    endpoint: [https://x]",
        "mirrors:\n\tdocker.io:",
        "mirrors: {",
        "mirrors: &a\n  <<: *a",
        "configs: {h: {tls: {cert_file: /c.pem}}}",
        "configs: {h: {tls: {ca_file: \"a\\0b\"}}}",
        "mirrors:\n  docker.io:\n    endpoint: [\"\\UFFFFFFFF\"]",
        "mirrors: [\"\\U00110000\"]",
        "mirrors: \"\\uD800\" : x: y",
        "%YAML 999999999999.1\n---\na: b",
        "configs: {h: {auth: {password: !!binary 'a'}}}",
        "mirrors: \u0007",
        "mirrors: \u009b31m: x: y",
      })
  void whatK3sDoesNotStartWithIsRefusedWithItsLine(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageMatching("f:[0-9]+: [^\\p{Cc}\\p{Cf}]*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Geheim123: {a.io: {auth: {}}}",
        "mirrors: {Geheim123: {endpoint: []}}",
        "mirrors: {a.io: {Geheim123: x, endpoint: [https://b.io]}}",
        "mirrors: {Geheim123: {endpoint: [https://b.io]}, Geheim123: {}}",
        "configs: {Geheim123: {auth: {username: u, password: p}}}",
        "configs: {a.io: {Geheim123: x}}",
        "configs: {a.io: {auth: {Geheim123: x, username: u}}}",
        "configs: {a.io: {auth: {username: {Geheim123: x}}}}",
        "configs: {a.io: {tls: {Geheim123: x}}}",
        "configs: {a.io: {auth: {username: a, password:Geheim123}}}",
        "configs: {a.io: {auth: {password: x,Geheim123}}}",
      })
  void aPasswordInThePlaceOfAKeyIsNotShown(String text) {
    String shown;
    try {
      shown = String.join("\n", texts(parse(text)));
    } catch (InvalidContentException e) {
      shown = e.getMessage();
    }
    assertThat(shown).startsWith("f:1: ").doesNotContain("Geheim123");
  }

  @Test
  void noTextMakesTheReaderFailOtherwise() {
    Random random = new Random(33);
    String[] pieces = {
      "mirrors:",
      "configs:",
      "\n",
      "  ",
      "\"",
      "\\U",
      "\\x",
      "FFFFFFFF",
      "!!binary",
      "!!int",
      "&a",
      "*a",
      "<<: ",
      "? ",
      ": ",
      "- ",
      "[",
      "{",
      "}",
      "|9",
      ">-",
      "%TAG ! ",
      "%YAML ",
      "9".repeat(30),
      "\u0000",
      "\uFEFF",
      "\u2028",
      "---\n",
      "...\n",
      "auth",
      "docker.io",
      "rewrite",
      "^(.*",
      "'"
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(i % 2 == 0 ? "mirrors:\n  a: " : "");
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        parse(text.toString());
      } catch (InvalidContentException e) {
        assertThat(e).hasMessageMatching("f:[0-9]+: [^\\p{Cc}\\p{Cf}]*");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*topsecret",
        "{topsecret",
        "\"topsecret",
        "topsecret: x",
        "[topsecret",
        "!topsecret <x",
        "%topsecret: {",
        "&topsecret &x y",
        "!<topsecret y",
        "'topsecret",
        "@topsecret",
        "|topsecret",
        "!!topsecret!!x y"
      })
  void aPasswordIsInNoError(String written) {
    try {
      String all = parse("configs:\n  h:\n    auth:\n      password: " + written).toString();
      assertThat(all.substring(all.indexOf("findings="))).doesNotContain("topsecret");
    } catch (InvalidContentException e) {
      assertThat(e).hasMessageNotContaining("topsecret").hasMessageStartingWith("f:");
      assertThat(e.getCause() == null ? "" : e.getCause().toString()).doesNotContain("topsecret");
    }
  }

  @ParameterizedTest
  @CsvSource({"yes,true", "y,true", "On,true", "TRUE,true", "no,false", "N,false", "~,false"})
  void theManyWordsForTrueAreTaken(String word, boolean expected) {
    RegistriesFile file = parse("configs: {h: {tls: {insecure_skip_verify: " + word + "}}}");
    assertThat(file.configs().get("h").tls().orElseThrow().insecureSkipVerify())
        .isEqualTo(expected);
  }

  @Test
  void aPasswordKeepsItsText() {
    assertThat(credential("{username: 0123, password: 1e3}"))
        .contains(Credential.password("0123", "1e3"));
    assertThat(credential("{username: robot$x, password: ~}"))
        .contains(Credential.password("robot$x", ""));
    assertThat(credential("{username: yes, password: 2026-01-01}"))
        .contains(Credential.password("yes", "2026-01-01"));
  }

  @Test
  void base64IsSplitAtTheFirstColon() {
    String auth = Base64.getEncoder().encodeToString("carol:a:b:".getBytes());
    assertThat(credential("{auth: " + auth + "}")).contains(Credential.password("carol", "a:b:"));
  }

  @Test
  void oddValuesAreReadAsGoReadsThem() {
    assertThat(credential("{username: !!str 5, password: !!binary YWJj}"))
        .contains(Credential.password("5", "abc"));
    assertThat(credential("{username: a}, auth: {password: b}"))
        .contains(Credential.password("a", "b"));
    RegistriesFile file =
        parse(
            "\ufeffmirrors: {5000: {endpoint: [~, 5, yes]}, ~: {rewrite: {x: y, x: z}}}\n...\nfoo");
    assertThat(endpoints(file, "5000")).containsExactly("", "5", "yes");
    assertThat(file.mirrors().get("").rewrites())
        .extracting(RegistriesFile.Rewrite::replacement)
        .containsExactly("z");
  }

  @Test
  void aSectionThatComesTwiceIsFilledTwiceAndAnEmptyOneClearsIt() {
    RegistriesFile file =
        parse("configs: {h: {tls: {insecure_skip_verify: true}, tls: {ca_file: /a}}}");
    assertThat(file.configs().get("h").tls().orElseThrow().insecureSkipVerify()).isTrue();
    file = parse("configs: {h: {tls: {insecure_skip_verify: true}, tls: , tls: {ca_file: /a}}}");
    assertThat(file.configs().get("h").tls().orElseThrow().insecureSkipVerify()).isFalse();
  }

  @Test
  void aUserGoesBeforeATokenBeforeBase64() {
    String auth = Base64.getEncoder().encodeToString("a:b".getBytes());
    assertThat(credential("{username: u, password: p, identity_token: t, auth: " + auth + "}"))
        .contains(Credential.password("u", "p"));
    assertThat(credential("{identity_token: t, auth: " + auth + "}"))
        .contains(new Credential("", "t", true));
  }

  @Test
  void anAuthThatIsNoBase64IsFoundWithoutItsText() {
    RegistriesFile file = parse("configs:\n  h:\n    auth: {auth: topsecret!}\n");
    assertThat(texts(file)).singleElement().asString().startsWith("f:2: ").doesNotContain("top");
    assertThat(file.configs().get("h").auth()).isEmpty();
    assertThat(file.configs().get("h").isEmpty()).isFalse();
  }

  @Test
  void theLaterOfTwoHostsCountsAndTwoSectionsAreOne() {
    RegistriesFile file =
        parse(
            """
            mirrors:
              a.io: {endpoint: [https://one]}
              a.io: {endpoint: [https://two]}
            mirrors:
              b.io: {endpoint: [https://three]}
            """);
    assertThat(endpoints(file, "a.io")).containsExactly("https://two");
    assertThat(endpoints(file, "b.io")).containsExactly("https://three");
    assertThat(texts(file)).containsExactly("f:3: \"a.io\" is there twice: the later one counts");
  }

  @Test
  void mergeKeysMerge() {
    RegistriesFile file =
        parse(
            """
            x: &x {endpoint: [https://one], rewrite: {a: b}}
            mirrors:
              a.io: {<<: *x}
              b.io: {<<: *x, endpoint: [https://two]}
              c.io: {endpoint: [https://two], <<: [*x]}
            """);
    assertThat(endpoints(file, "a.io")).containsExactly("https://one");
    assertThat(endpoints(file, "b.io")).containsExactly("https://two");
    assertThat(endpoints(file, "c.io")).containsExactly("https://one");
    assertThat(file.mirrors().get("b.io").rewrites()).hasSize(1);
  }

  @Test
  void jsonIsYamlAndOnlyTheFirstDocumentCounts() {
    RegistriesFile file =
        parse(
            "{\"mirrors\":{\"a.io\":{\"endpoint\":[\"https://x\",\"\"]}}}\n"
                + "---\n"
                + "mirrors: {b.io: }\n");
    assertThat(endpoints(file, "a.io")).containsExactly("https://x", "");
    assertThat(file.mirrors()).containsOnlyKeys("a.io");
    assertThat(texts(file)).anyMatch(t -> t.contains("the first document only"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "mirrors:\nconfigs:\n"})
  void anEmptyFileSaysNothing(String text) {
    RegistriesFile file = parse(text);
    assertThat(file.mirrors()).isEmpty();
    assertThat(file.configs()).isEmpty();
  }

  @Test
  void aFlattenedFileIsFoundOut() {
    RegistriesFile file =
        parse(
            """
            mirrors:
            docker.io:
            endpoint:
            - https://harbor.example.com
            configs:
            harbor.example.com:
            auth:
            username: u
            tls:
            """);
    assertThat(file.mirrors()).isEmpty();
    assertThat(file.configs()).isEmpty();
    assertThat(texts(file))
        .anyMatch(t -> t.startsWith("f:1: ") && t.contains("lost its indentation"))
        .anyMatch(t -> t.startsWith("f:2: ") && t.contains("\"docker.io\""))
        .anyMatch(t -> t.startsWith("f:3: "));
  }

  @Test
  void anAuthBesideItsHostIsFoundOut() {
    RegistriesFile file = parse("configs:\n  h:\n  auth:\n    username: u\n");
    assertThat(file.configs()).containsOnlyKeys("h", "auth");
    assertThat(texts(file)).anyMatch(t -> t.startsWith("f:3: ") && t.contains("beside its host"));
  }

  @Test
  void unknownKeysAreFoundWithTheKnownOneThatIsNear() {
    assertThat(texts(parse("Mirrors: {}"))).anyMatch(t -> t.contains("it is \"mirrors\""));
    assertThat(texts(parse("mirrors: {a.io: {endpoints: [x]}}")))
        .anyMatch(t -> t.contains("\"endpoints\"") && t.contains("it is \"endpoint\""));
    assertThat(texts(parse("configs: {h: {auth: {token: t}}}")))
        .anyMatch(t -> t.contains("ignores \"token\""));
    assertThat(texts(parse("auths: {h: {username: u}}"))).anyMatch(t -> t.contains("\"auths\""));
  }

  @Test
  void keysThatNameNothingAreFound() {
    assertThat(texts(parse("mirrors: {\"https://docker.io\": {endpoint: [x]}}")))
        .anyMatch(t -> t.contains("without scheme"));
    assertThat(texts(parse("mirrors: {index.docker.io: {endpoint: [x]}}")))
        .anyMatch(t -> t.contains("docker.io here"));
    assertThat(texts(parse("mirrors: {Quay.io: {endpoint: [x]}}")))
        .anyMatch(t -> t.contains("lower case"));
    assertThat(texts(parse("configs: {docker.io: {auth: {username: u}}}")))
        .anyMatch(t -> t.contains("registry-1.docker.io"));
  }

  @Test
  void rewritesThatDoNotWorkThereAreFound() {
    RegistriesFile file =
        parse(
            """
            mirrors:
              a.io:
                endpoint: [https://x]
                rewrite:
                  "^a\\\\.b": "c"
                  "(?=x)": "y"
                  "good": "$1"
            """);
    assertThat(texts(file))
        .hasSize(2)
        .anyMatch(t -> t.startsWith("f:5: ") && t.contains("backslash"))
        .anyMatch(t -> t.startsWith("f:6: ") && t.contains("no Go expression"));
    assertThat(file.mirrors().get("a.io").rewrites())
        .extracting(RegistriesFile.Rewrite::pattern)
        .containsExactly("^a\\.b", "good");
    assertThat(parse("mirrors: {a.io: {endpoint: [x], rewrite: }}").findings()).isEmpty();
  }

  @Test
  void aCertificateThatIsNotThereIsFound() {
    assertThat(texts(parse("configs:\n  h:\n    tls:\n      ca_file: /no/ca.pem\n")))
        .containsExactly("f:4: can't read /no/ca.pem: nothing can be fetched with it");
  }

  @Test
  void filesThatCannotBeReadAreRefused() throws IOException {
    assertThatThrownBy(() -> RegistriesFile.read(folder.resolve("absent")))
        .isInstanceOf(InvalidContentException.class)
        .hasMessageContaining("does not exist");
    Path bad = Files.write(folder.resolve("bad"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> RegistriesFile.read(bad)).isInstanceOf(InvalidContentException.class);
  }

  private static RegistriesFile parse(String text) {
    return RegistriesFile.parse("f", text);
  }

  private static List<String> texts(RegistriesFile file) {
    return file.findings().stream().map(Finding::toString).toList();
  }

  private static List<String> endpoints(RegistriesFile file, String mirror) {
    return file.mirrors().get(mirror).endpoints().stream()
        .map(RegistriesFile.LocatedText::value)
        .toList();
  }

  /** By the way it is used: as that of an endpoint. */
  private static Optional<Credential> credential(String auth) {
    RegistriesFile file =
        parse("mirrors: {a.io: {endpoint: [https://h]}}\nconfigs: {h: {auth: " + auth + "}}");
    return Routes.of(List.of(), Optional.of(file), false)
        .hops(Reference.parseRepository("a.io/x"))
        .getFirst()
        .endpoint()
        .credential();
  }
}

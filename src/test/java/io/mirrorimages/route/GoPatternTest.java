package io.mirrorimages.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected results are those of Go 1.26's {@code regexp.ReplaceAllString} and {@code Compile}. */
class GoPatternTest {

  static Stream<Arguments> replacements() {
    return Stream.of(
        row("(.*)", "docker/$1", "library/busybox", "docker/library/busybox"),
        row("(^.+$)", "docker/$1", "library/busybox", "docker/library/busybox"),
        row("", "x", "ab", "xaxbx"),
        row("a*", "x", "baac", "xbxcx"),
        row("/", "-", "library/a/b", "library-a-b"),
        row("^rancher/(.*)", "p/$1x", "rancher/a", "p/"),
        row("^rancher/(.*)", "p/${1}x", "rancher/a", "p/ax"),
        row("^rancher/(.*)", "p/$1_x", "rancher/a", "p/"),
        row("^rancher/(.*)", "p/$1-x", "rancher/a", "p/a-x"),
        row("^rancher/(.*)", "p/$1/x", "rancher/a", "p/a/x"),
        row("^rancher/(.*)", "p/$10", "rancher/a", "p/"),
        row("^rancher/(.*)", "p/$2", "rancher/a", "p/"),
        row("^rancher/(.*)", "p/$$1", "rancher/a", "p/$1"),
        row("^rancher/(.*)", "p/$", "rancher/a", "p/$"),
        row("^rancher/(.*)", "p/${1", "rancher/a", "p/${1"),
        row("^rancher/(.*)", "p/${}", "rancher/a", "p/${}"),
        row("^rancher/(.*)", "p/$01", "rancher/a", "p/"),
        row("^rancher/(.*)", "p/$0", "rancher/a", "p/rancher/a"),
        row("^rancher/(.*)", "p/\\1", "rancher/a", "p/\\1"),
        row("(?i)^RANCHER/(.*)", "p/$1", "rancher/a", "p/a"),
        row("^(?P<org>[^/]+)/(.*)", "$org-x/$2", "rancher/a", "rancher-x/a"),
        row("^(?P<org>[^/]+)/(.*)", "${org}_x/$2", "rancher/a", "rancher_x/a"),
        row("^(?P<org>[^/]+)/(.*)", "$orgx/$2", "rancher/a", "/a"),
        row("^(?<org>[^/]+)/(.*)", "$org/x", "rancher/a", "rancher/x"),
        row("^(?:library|)(.*)", "docker/$1", "library/nginx", "docker//nginx"),
        row("^(?:library|)(.*)", "docker/$1", "rancher/nginx", "docker/rancher/nginx"),
        row("(a)|(b)", "<$1$2>", "abc", "<a><b>c"),
        row("b*", "-", "abc", "-a-c-"),
        row("$", "x", "a", "ax"),
        row("^", "p/", "a/b", "p/a/b"),
        row("\\b", "|", "ab cd", "|ab| |cd|"),
        row("^rancher/", "", "rancher/a", "a"),
        row("nothing", "x", "rancher/a", "rancher/a"),
        row(".*", "", "rancher/a", ""),
        row("[.]", "-", "a.b.c", "a-b-c"),
        row("(?:)", "-", "äb", "-ä-b-"),
        row("é*", "x", "éaé", "xax"),
        row("a$|^r", "x", "rancher/a", "xancher/x"),
        row("(?s).", "x", "ab", "xx"),
        row("x*?", "-", "ab", "-a-b-"),
        row("(.*?)/", "$1+", "a/b/c", "a+b+c"),
        row("\\Qa.b\\E", "q", "a.b/axb", "q/axb"),
        row("[[:alpha:]]+", "w", "ab/12/c", "w/12/w"),
        row("a\\z", "z", "ba", "bz"),
        row("(a+)(b*)", "$2$1", "aabba", "bbaaa"),
        row("$^", "x", "", "x"),
        row("", "x", "", "x"),
        row(".*", "[$0]", "", "[]"),
        row("^(.)", "${1}${1}", "nginx", "nnginx"),
        row("^(.)", "$1$1", "nginx", "nnginx"),
        row("^(.)", "$é", "nginx", "ginx"),
        row("^(.)", "$1é", "nginx", "ginx"),
        row("(x)?n", "<$1>", "nginx", "<>gi<>x"),
        row("^(.)", "$999999999999", "nginx", "ginx"),
        row("^(.)", "${100000000}", "nginx", "ginx"),
        row("^(.)", "a$$$1", "nginx", "a$nginx"),
        row("^(.)", "$$$$", "nginx", "$$ginx"),
        row("^(.)", "$-", "nginx", "$-ginx"));
  }

  private static Arguments row(String pattern, String template, String text, String expected) {
    return Arguments.of(pattern, template, text, expected);
  }

  @ParameterizedTest
  @MethodSource("replacements")
  void replacesAsGoDoes(String pattern, String template, String text, String expected) {
    assertThat(GoPattern.compile(pattern).replaceAll(text, template)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "(a), $1x, 1x",
    "(a), a$2b, 2b",
    "(a), ${2}, 2",
    "(?P<n>a), $m$n, m",
    "(a), $999999999999, 999999999999",
    "(a), $01, 01"
  })
  void namesTheGroupThatATemplateWantsAndIsNotThere(String pattern, String template, String group) {
    assertThat(GoPattern.compile(pattern).missingGroup(template)).contains(group);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$0$1${1}${n}", "$$2", "${", "$-", "", "x"})
  void aTemplateOfGroupsThatAreThereMissesNone(String template) {
    assertThat(GoPattern.compile("(?P<n>a)").missingGroup(template)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?=a)",
        "(?!a)",
        "(?<=a)b",
        "a++",
        "(?>a)",
        "\\h",
        "\\Z",
        "(a)\\1",
        "a{1001}",
        "(",
        "[",
        "*",
        "a**",
        "\\pX",
        "\\C",
        "(?P=n)",
        "a{2,1}",
        "\\8",
        "(?x)a",
        "\\R",
        "\\K",
        "\\",
        "(?P<é>a)",
        "(a",
        "a)",
        "\\e",
        "[b-a]",
        "(?#c)a",
        "\\u0041",
        "\\N"
      })
  void whatGoDoesNotCompileIsRefused(String pattern) {
    assertThatIllegalArgumentException().isThrownBy(() -> GoPattern.compile(pattern));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a{1000}",
        "\\p{Greek}",
        "(?i)a",
        "\\Qa\\E",
        "[[:word:]]",
        "\\z",
        "(?<n>a)",
        "\\x{41}",
        "(?U)a+",
        "\\_",
        "(?i-s)a"
      })
  void whatGoCompilesIsTaken(String pattern) {
    assertThat(GoPattern.compile(pattern)).isNotNull();
  }
}

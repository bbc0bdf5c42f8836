package io.mirrorimages.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mirrorimages.image.Reference;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageListTest {
  private static final String A = "sha256:" + "a".repeat(64);
  private static final String B = "sha256:" + "b".repeat(64);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "rancher-images-v2.5.10.txt, 192",
    "rancher-images-v2.10.4.txt, 700",
    "rancher-images-v2.13.2-with-cert-manager.txt, 552",
    "rke2-images-all-v1.33.5.txt, 64",
    "rke2-images-all-v1.31.5-amd64.txt, 58",
    "rke2-images-v1.31.5-amd64.txt, 17",
    "rke2-images-core-v1.31.5-amd64.txt, 15",
    "rke2-images-calico-v1.31.5-amd64.txt, 10",
    "rke2-images-canal-v1.31.5-amd64.txt, 2",
    "rke2-images-cilium-v1.31.5-amd64.txt, 11",
    "rke2-images-flannel-v1.31.5-amd64.txt, 2",
    "rke2-images-harvester-v1.31.5-amd64.txt, 7",
    "rke2-images-multus-v1.31.5-amd64.txt, 4",
    "rke2-images-traefik-v1.31.5-amd64.txt, 1",
    "rke2-images-vsphere-v1.31.5-amd64.txt, 9",
    "k3s-images-v1.33.5.txt, 8",
  })
  void readsPublishedLists(String file, int images) throws Exception {
    ImageList list = read("image-lists/" + file);

    assertThat(list.entries()).hasSize(images);
    assertThat(list.duplicates()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "- rancher/shell:v1 | sed 's/^ *- *//'",
        "* rancher/shell:v1 | leave it out",
        "- name: rancher/shell:v1 | s/^[ -]*name: *//p",
        "image: rancher/shell:v1 | s/^[ -]*image: *//p",
        "image: \"rancher/shell:v1\" | s/^[ -]*image: *//p",
        "apiVersion: v1 | s/^[ -]*image: *//p",
        "rancher/shell: v1 | write \"rancher/shell:v1\"",
        "rancher/shell :v1 | write \"rancher/shell:v1\"",
        "https://docker.io/rancher/shell:v1 | leave out https://",
        "docker://rancher/shell:v1 | leave out docker://",
        "oci://docker.io/rancher/shell:v1 | leave out oci://",
        "docker:rancher/shell/a:v1 | no name of an image",
        "rancher/shell：v0.4.1 | write \"rancher/shell:v0.4.1\"",
        "ｒａｎｃｈｅｒ／shell:v1 | write \"rancher/shell:v1\"",
        "＃ 注释 | write it without them",
        "https：／／docker.io/rancher/shell:v1 | write \"https://docker.io/rancher/shell:v1\"",
        "rancher/\u200bshell:v1 | invisible",
        "rancher/shell:v1\u00a0 | invisible",
        "\"rancher/shell:v1\", | tr -d",
        "rancher/k3s:v1.30.1+k3s1 | rancher/k3s:v1.30.1-k3s1",
        "rancher/shell:v1 | ",
        "Something Else | is this an image list",
        "rancher/shell:v1 x y | cut -d' ' -f1",
        "busybox: | the tag is empty"
      })
  void theAdviceFitsTheLine(String line, String advice) throws Exception {
    if (advice == null) {
      assertThat(read(list(line)).references()).hasSize(1);
      return;
    }
    assertThat(problems(list("a/b:1\n" + line + "\n")))
        .singleElement()
        .asString()
        .contains(":2: ", advice)
        .satisfies(p -> assertThat(p.contains("cut -d")).isEqualTo(advice.contains("cut -d")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      value = {
        "* rancher/shell:v1 => sed 's/^ *[*] *//'",
        "+ docker.io/rancher/shell:v1 => sed 's/^ *[+] *//'",
        "1. `rancher/shell:v1` => sed 's/^ *[0-9]*[.)] *//'",
        "| rancher/shell:v1 | 3 MB | => cut -d'|' -f2",
        "docker pull rancher/shell:v1 => awk '/ pull /{print $NF}'",
        "$ sudo docker pull --platform linux/amd64 rancher/shell:v1 => awk '/ pull /{print $NF}'",
        "docker save -o x.tar rancher/shell:v1 rancher/b:v1 => tr -s ' ' '\\n' | grep '[^:]:[^/]'",
        "docker images => give only the names",
        "rancher/shell:v1,linux/amd64,3 => cut -d, -f1",
        "3;rancher/shell:v1 => cut -d';' -f2",
        "rancher/shell,v0.1.24 => awk -F, '{print $1\":\"$2}'",
        "rancher/shell  v0.1.24  8a1b  3 weeks ago => (awk '{print $1\":\"$2}')",
        "rancher/shell:v1  x  y => awk '{print $1}'",
        "rancher/shell:v1\tx\ty => (cut -f1)",
        "a:v1,b:v2 => several names on one line: put each on its own line (tr ',' '\\n')",
        "rancher/a:v1, rancher/b:v2 => tr ',' '\\n'",
        "rancher/a:v1 rancher/b:v2 => several names on one line: put each on its own line (tr -s",
        "rancher/a:v1 harbor.lan/m/a:v1 => give only the first (cut -d' ' -f1)",
        "quay.io/x/a:v1=harbor.lan/m/a:v1 => give only the first (cut -d= -f1)",
        "IMAGE=rancher/shell:v1 => cut -d= -f2",
        "repository: rancher/shell => helm template"
      })
  void linesOfOtherToolsGetTheCommandThatMakesAList(String line, String advice) throws IOException {
    assertThat(problems(list("a/b:1\n" + line + "\n")))
        .singleElement()
        .asString()
        .contains(":2: ", advice);
  }

  @Test
  void aFileOfYamlIsToldOnce() throws IOException {
    String pod =
        """
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          labels: {app: "x"}
        spec:
          containers:
          - name: web
            image: rancher/shell:v1
            args: ["--a", "b"]
        """;
    assertThat(problems(list(pod)))
        .singleElement()
        .asString()
        .contains("YAML", "sed -n 's/^[ -]*image: *//p' | tr -d", "also on line 2, 3, 5");
  }

  @Test
  void theHeadOfATableAndOtherLinesOfACommandFileAreNotToldApart() throws IOException {
    String table =
        """
        REPOSITORY      TAG      IMAGE ID   SIZE
        rancher/shell   v0.1.24  8a1b2c3d   50MB
        rancher/agent   v2.10.1  9a1b2c3d   60MB
        """;
    assertThat(problems(list(table)))
        .singleElement()
        .asString()
        .contains(":2: ", "also on line 3", "awk '{print $1\":\"$2}'");
    assertThat(problems(list("image,size\nrancher/shell:v1,3\nrancher/agent:v1,4\n")))
        .singleElement()
        .asString()
        .contains(":2: ", "also on line 3", "cut -d, -f1", "tail -n +2");
    assertThat(problems(list("image,tag,digest\na/b,v1,x\na/c,v2,y\n")))
        .singleElement()
        .asString()
        .contains("awk -F, '{print $1\":\"$2}'", "heading first (tail -n +2)");
    assertThat(problems(list("set -e\ndocker pull a/b:1\nfoo=${1:-x}\ndocker pull a/c:1\n")))
        .singleElement()
        .asString()
        .contains(":2: ", "also on line 4", "awk '/ pull /");
    assertThat(problems(list("replicas: 1\nimage:\n  repository: a/b\n  tag: v1\nargs: []\n}\n")))
        .singleElement()
        .asString()
        .contains("helm template");
  }

  @Test
  void mistakesAreToldInTheOrderOfLines() throws IOException {
    assertThat(
            problems(
                list("a/ok:1\na/ok:2\na/ok:3\n- a/b:1\nA/B:1\nhttps://a/b:1\n- a/c:1\na/b:1:2\n")))
        .satisfiesExactly(
            p -> assertThat(p).contains(":4: ", "also on line 7"),
            p -> assertThat(p).contains(":5: "),
            p -> assertThat(p).contains(":6: "),
            p -> assertThat(p).contains(":8: "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      value = {
        "[\"a/b:1\"] => (jq -r '.[]')",
        "[{\"n\": \"x\", \"image\": \"a/b:1\"}] => (jq -r '.[].image')",
        "{\"images\": [{\"id\": \"sha256:0\", \"repoTags\": [\"a/b:1\" => .images[].repoTags[]",
        "{\"h.lan\": {\"image\": \"a/b:1\"}} => (jq -r '.[].image')",
        "[{\"image\": \"busybox\"}] => (jq -r '.[].image')",
        "{\"a\": 1} => (jq -r '.[]')",
        "{\"message\": \"Not Found\", \"status\": \"404\"} => download it again, with curl -f",
        "{\"errors\": [{\"code\": \"DENIED\"}]} => download it again, with curl -f",
        "{\"auths\": {}} => is a configuration of docker with logins",
        "{\"inventory\": 1, \"id\": \"0\"} => is the inventory of an archive",
      })
  void whatIsInJsonDecidesTheRemedy(String json, String remedy) throws IOException {
    assertThat(problems(list(json))).singleElement().asString().contains(remedy);
  }

  @Test
  void lineEndsOfOldMacsAreTold() throws IOException {
    assertThat(problems(list("a/b:1\ra/c:1\r"))).singleElement().asString().contains("tr '\\r'");
  }

  @Test
  void aNameThatNoFileHasIsToldByWhatItIs() throws IOException {
    assertThat(problems("https://h.lan/x.txt?sig=S3cret"))
        .singleElement()
        .asString()
        .contains("download it first (curl -fsSLO")
        .doesNotContain("S3cret");
    assertThat(problems("a.txt,b.txt")).singleElement().asString().contains("not by commas");
    assertThat(problems("file:///a.txt")).singleElement().asString().contains("give its path");
    assertThat(problems("rancher/shell:v1")).singleElement().asString().contains("echo NAME >");
    assertThat(problems(folder.toString())).singleElement().asString().contains("/*.txt'");
    Files.createFile(folder.resolve("oci-layout"));
    assertThat(problems(folder.toString())).singleElement().asString().contains("list oci:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Not Found",
        "404: Not Found",
        "\n404 page not found\n",
        "403 Forbidden",
        "Access Denied",
        "HTTP/1.1 502 Bad Gateway",
        "error: not found"
      })
  void whatAServerSaidInsteadOfAFileIsTold(String text) throws IOException {
    assertThat(problems(list(text)))
        .singleElement()
        .asString()
        .contains("what a server said", "curl -f");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"images\": []}", "[\n  \"rancher/shell:v1\"\n]", "\uFEFF{}"})
  void jsonIsTold(String text) throws IOException {
    assertThat(problems(list(text))).singleElement().asString().contains("is JSON");
  }

  @Test
  void textInAnotherEncodingIsNamedWithTheCommandThatConvertsIt() throws IOException {
    byte[] gbk = "# 镜像列表\nrancher/shell:v1\n".getBytes(Charset.forName("GBK"));
    assertThat(problems(list(gbk)))
        .singleElement()
        .asString()
        .contains(":1: ", "GBK", "iconv -f GBK -t UTF-8");
    byte[] latin = "rancher/shell:v1\n# na\u00efve\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(problems(list(latin)))
        .singleElement()
        .asString()
        .contains(":2: not UTF-8 text: save it as UTF-8")
        .doesNotContain("GBK");
    for (Charset utf16 : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      assertThat(problems(list("rancher/shell:v1\n".getBytes(utf16))))
          .singleElement()
          .asString()
          .contains("UTF-16");
    }
  }

  @Test
  void aPasswordInAnAddressIsNotShown() throws IOException {
    assertThat(problems(list("https://me:s3cret@docker.io/rancher/shell:v1")))
        .singleElement()
        .asString()
        .contains("leave out https://")
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "admin:S3cretPw",
        "Administrator:hunter2",
        "root:toor",
        "user:12ab34",
        "password:s3cret",
        "token:dckr_pat_1"
      })
  void aLoginIsNotTakenForAnImageAndNotShown(String line) throws IOException {
    assertThat(problems(list("rancher/a:v1\n" + line)))
        .singleElement()
        .asString()
        .contains(":2: ", "this seems to be a login", "docker.io/library/")
        .doesNotContain(line.substring(line.indexOf(':') + 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "busybox:musl",
        "registry:2",
        "admin",
        "admin:1.0",
        "admin:v2",
        "user:v1.2.3-alpine",
        "user:1",
        "token:latest",
        "root-ca:prod",
        "users:blue",
        "admin-ui:nightly",
        "secrets:abc",
        "rancher/admin:blue",
        "docker.io/library/admin:blue",
        "admin:5000/user:blue",
        "localhost:5000/root:blue",
        "admin@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void noPlausibleImageIsTakenForALogin(String line) throws Exception {
    assertThat(read(list(line)).references()).hasSize(1);
  }

  @Test
  void namesWithoutTagAreKnown() throws Exception {
    String file =
        list("busybox\nlocalhost:5000/a\nrancher/shell:v1\na/b@sha256:" + "0".repeat(64) + "\n");
    assertThat(read(file).untagged())
        .map(Reference::toString)
        .containsExactly("docker.io/library/busybox:latest", "localhost:5000/a:latest");
  }

  @Test
  void testsKnowEveryPublishedList() throws Exception {
    try (var files = Files.list(Path.of("image-lists"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".txt"))).hasSize(16);
    }
  }

  @Test
  void readsAllListsTogetherAndCountsWhatTheyShare() throws Exception {
    ImageList list =
        read(
            "image-lists/rke2-images-v1.31.5-amd64.txt",
            "image-lists/rke2-images-core-v1.31.5-amd64.txt");

    assertThat(list.entries()).hasSize(17 + 15 - list.duplicates());
    assertThat(list.duplicates()).isPositive();
  }

  @Test
  void passesOverCommentsBlanksByteOrderMarksAndLineEnds() throws Exception {
    String file =
        list(
            "\uFEFF# a comment\r\n\r\n  \t \r\n\tbusybox \t\r\n"
                + "rancher/shell:v0.1 # why\n#rancher/shell:v9\n"
                + "\uFEFFquay.io/jetstack/x:1\t# tab\nlast/one:2");

    assertThat(names(read(file)))
        .containsExactly(
            "docker.io/library/busybox:latest",
            "docker.io/rancher/shell:v0.1",
            "quay.io/jetstack/x:1",
            "docker.io/last/one:2");
  }

  @Test
  void remembersWhereAnImageStands() throws Exception {
    String file = list("# none\n\nrancher/shell:v1\n");

    assertThat(read(file).entries())
        .containsExactly(new ListEntry(Reference.parse("rancher/shell:v1"), file, 3, false));
  }

  @Test
  void readsChartsPortsTagsWithDigestAndDigestsAlone() throws Exception {
    String file =
        list(
            "rancher/charts/x:1.2.3_up1\nlocalhost:5000/a/b\nregistry.example.com:8443/c:1@"
                + A
                + "\nd@"
                + B);

    assertThat(names(read(file)))
        .containsExactly(
            "docker.io/rancher/charts/x:1.2.3_up1",
            "localhost:5000/a/b:latest",
            "registry.example.com:8443/c:1@" + A,
            "docker.io/library/d@" + B);
  }

  @Test
  void countsDuplicatesAfterNormalisationAndKeepsTheFirst() throws Exception {
    String one = list("busybox\nrancher/a:1\n");
    String two = list("docker.io/library/busybox:latest\nindex.docker.io/rancher/a:1\nrancher/b:1");

    ImageList list = read(one, two);

    assertThat(names(list))
        .containsExactly(
            "docker.io/library/busybox:latest", "docker.io/rancher/a:1", "docker.io/rancher/b:1");
    assertThat(list.entries().getFirst().file()).isEqualTo(one);
    assertThat(list.duplicates()).isEqualTo(2);
  }

  @Test
  void takesADigestInTheSecondColumnAsPin() throws Exception {
    String file =
        list("docker.io/rancher/x:v1 " + A + "\nrancher/y:v1 \nrancher/z:v1@" + B + "\t" + B);

    assertThat(names(read(file)))
        .containsExactly(
            "docker.io/rancher/x:v1@" + A, "docker.io/rancher/y:v1", "docker.io/rancher/z:v1@" + B);
  }

  @Test
  void pinsAnImageThatAnyLinePins() throws Exception {
    ImageList list =
        read(list("rancher/x:v1\nrancher/y:v1\n"), list("rancher/x:v1 " + A + "\nrancher/x:v1"));

    assertThat(names(list))
        .containsExactly("docker.io/rancher/x:v1@" + A, "docker.io/rancher/y:v1");
    assertThat(list.duplicates()).isEqualTo(2);
  }

  @Test
  void refusesTwoDigestsForOneTag() throws IOException {
    String file =
        list("rancher/x:v1@" + A + "\nrancher/x:v1 " + B + "\nrancher/y:v1@" + A + " " + B);

    assertThat(problems(file)).hasSize(2);
    assertThat(problems(file).getFirst()).startsWith(file + ":2: ").contains(file + ":1");
    assertThat(problems(file).getLast()).startsWith(file + ":3: ").contains("another digest");
  }

  @Test
  void tellsAllMalformedLinesOfAllListsAtOnce() throws IOException {
    String one = list("rancher/Shell:v1\nrancher/ok:1\nrancher/x:\n");
    String two = list("rancher//y\nrancher/z@sha256:abc\n" + "rancher/" + "q".repeat(300) + "\n");

    assertThat(problems(one, two, "nowhere.txt"))
        .satisfiesExactly(
            p ->
                assertThat(p)
                    .isEqualTo(one + ":1: \"rancher/Shell:v1\": names are lower case: \"Shell\""),
            p -> assertThat(p).isEqualTo(one + ":3: \"rancher/x:\": the tag is empty"),
            p -> assertThat(p).startsWith(two + ":1: \"rancher//y\": ").contains("empty component"),
            p -> assertThat(p).startsWith(two + ":2: ").contains("not a digest"),
            p ->
                assertThat(p)
                    .startsWith(two + ":3: \"rancher/qqq")
                    .contains("qqq...\": ")
                    .hasSizeLessThan(250),
            p -> assertThat(p).isEqualTo("nowhere.txt: no such file"));
  }

  @Test
  void tellsATableOnceAndHowToCutIt() throws IOException {
    String file = list("busybox core\n" + "rancher/x:1 a:1,b:2\n".repeat(190));

    assertThat(problems(file))
        .singleElement()
        .asString()
        .startsWith(file + ":1: \"...\": more than a name")
        .contains("191 lines", "rancher-images-sources.txt", "cut -d' ' -f1");
    assertThat(problems(list("1671620\trancher/x:1\n2547\tdocker.io/rancher/y:1\n")))
        .singleElement()
        .asString()
        .contains("what list prints with sizes; give only its names (cut -f2)");
    assertThat(problems(list("a/b:1 c/d:1 1\nx/y:1")))
        .singleElement()
        .asString()
        .contains("another tool");
  }

  @Test
  void tellsInOneLineWhatIsNoList() throws IOException {
    assertThat(problems(list(tar()))).singleElement().asString().contains("is a tar archive");
    assertThat(problems(list("Bag Attributes\n-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n")))
        .singleElement()
        .asString()
        .contains("is a key or a certificate")
        .doesNotContain("MIIE");
    assertThat(problems(list(gzip()))).singleElement().asString().contains("is a compressed file");
    assertThat(problems(list("busybox\n".getBytes(StandardCharsets.UTF_16))))
        .singleElement()
        .asString()
        .contains("UTF-16");
    assertThat(problems(list("\n<!DOCTYPE html>\n<p>404\n")))
        .singleElement()
        .asString()
        .contains("web page");
    byte[] noise = new byte[100_000];
    Arrays.fill(noise, (byte) 0xfe);
    noise[0] = 'x';
    assertThat(problems(list(noise))).singleElement().asString().contains(":1: not UTF-8 text");
    assertThat(problems(list("a/b:1\na/\0b:1\na/c:1")))
        .singleElement()
        .asString()
        .contains(":2: not UTF-8 text");
    assertThat(problems(folder.toString())).singleElement().asString().contains("is a directory");
    assertThat(problems("no\0name")).singleElement().asString().contains("not a file name");
  }

  @Test
  void refusesListsWithoutImages() throws IOException {
    String empty = list("");
    String comments = list("# nothing yet\n");

    assertThat(problems(empty, comments))
        .containsExactly(
            "no images in " + empty + ": it is empty (was it downloaded without an error?)",
            "no images in " + comments + ": it has only blank lines and comments");
    assertThat(problems()).containsExactly("no image list is given");
  }

  @Test
  void takesLinesUpToFourKibibytes() throws Exception {
    String name = "rancher/x:1";
    String longest = name + " #" + "c".repeat(LineReader.LONGEST - name.length() - 2);

    assertThat(read(list(longest + "\r\n" + longest)).entries()).hasSize(1);
    assertThat(problems(list("a/b:1\n" + longest + "c\na/c:1")))
        .singleElement()
        .asString()
        .contains(":2: ", "longer than 4096 bytes")
        .hasSizeLessThan(300);
  }

  @Test
  void refusesNamesOfManyComponents() throws IOException {
    assertThat(
            problems(list("a.".repeat(2000) + "\n" + "a/".repeat(2000) + "\n" + "a.".repeat(290))))
        .hasSize(3);
  }

  @Test
  void givesUpOnAFileOfMalformedLinesOnly() throws IOException {
    assertThat(problems(list("quay.io/Not/A/List\n".repeat(50_000))))
        .hasSize(11)
        .last()
        .asString()
        .endsWith(": 990 more lines are wrong: is this an image list?");
  }

  @Test
  void readsStandardInputOnce() throws Exception {
    ImageList list = ImageList.read(List.of("-"), input("rancher/x:1\n"));

    assertThat(list.entries())
        .containsExactly(new ListEntry(Reference.parse("rancher/x:1"), "standard input", 1, false));
    ImageListException e =
        catchThrowableOfType(
            ImageListException.class,
            () -> ImageList.read(List.of("-", "-"), input("rancher/x:1\n")));
    assertThat(e.problems()).singleElement().asString().contains("only once");
  }

  @Test
  void showsNoControlCharacters() throws IOException {
    assertThat(problems(list("rancher/\u001b[31mx:1\n"), "no\nsuch"))
        .allSatisfy(p -> assertThat(p).doesNotContain("\u001b", "\n"));
  }

  private static ImageList read(String... files) throws ImageListException {
    return ImageList.read(List.of(files), InputStream.nullInputStream());
  }

  private static List<String> problems(String... files) {
    return catchThrowableOfType(ImageListException.class, () -> read(files)).problems();
  }

  private static List<String> names(ImageList list) {
    return list.references().stream().map(Reference::toString).toList();
  }

  private String list(String text) throws IOException {
    return list(text.getBytes(StandardCharsets.UTF_8));
  }

  private String list(byte[] bytes) throws IOException {
    return Files.write(Files.createTempFile(folder, "list", ".txt"), bytes).toString();
  }

  private static InputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] tar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry("oci-layout"));
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write("busybox\n".getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}

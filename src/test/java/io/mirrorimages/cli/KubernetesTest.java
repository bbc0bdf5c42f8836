package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.process.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Holds the manifests to the commands and exit codes; scripts/check-kubernetes has the linters. */
class KubernetesTest {
  private static final Path FOLDER = Path.of("src/main/kubernetes");
  private static final Path CHART = FOLDER.resolve("chart");
  private static final Path EXIT_CODES = Path.of("src/site/markdown/exit-codes.md");

  @ParameterizedTest
  @CsvSource({"sync, CronJob, sync.yaml", "load, Job, load.yaml"})
  void thePodCallsACommandThatExists(String command, String kind, String file) throws IOException {
    Map<?, ?> pod = pod(job(file, kind));
    Map<?, ?> container = container(pod);
    List<String> arguments = new ArrayList<>();
    list(container.get("args")).forEach(argument -> arguments.add(argument.toString()));

    assertThat(arguments.getFirst()).isEqualTo(command);
    CommandLine tool = Cli.complete().setCaseInsensitiveEnumValuesAllowed(true);
    ParseResult parsed = tool.parseArgs(arguments.toArray(String[]::new)).subcommand();
    assertThat(parsed.matchedOptions()).hasSizeGreaterThan(3);
    assertThat(parsed.unmatched()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"CronJob, sync.yaml", "Job, load.yaml"})
  void everyExitCodeCountsInOneWay(String kind, String file) throws IOException {
    Map<?, ?> job = job(file, kind);
    Map<String, List<Integer>> codes = new TreeMap<>();
    for (Object rule : list(at(job, "podFailurePolicy", "rules"))) {
      Map<?, ?> onExitCodes = (Map<?, ?>) ((Map<?, ?>) rule).get("onExitCodes");
      if (onExitCodes != null) {
        assertThat(onExitCodes.get("operator")).isEqualTo("In");
        assertThat(onExitCodes.get("containerName")).isEqualTo(container(pod(job)).get("name"));
        List<Integer> values =
            list(onExitCodes.get("values")).stream().map(Integer.class::cast).toList();
        assertThat(values).isSorted();
        codes.put(((Map<?, ?>) rule).get("action").toString(), values);
      }
    }

    assertThat(codes).containsOnlyKeys("FailJob", "Count");
    // Tried again at once, a run that the deadline has ended would take the place of the next one.
    assertThat(codes.get("FailJob")).containsExactly(2, 4);
    assertThat(codes.values().stream().flatMap(Collection::stream))
        .containsExactlyInAnyOrderElementsOf(exitCodes());
    // The policy is for pods that are not started again by themselves.
    assertThat(pod(job).get("restartPolicy")).isEqualTo("Never");
  }

  @ParameterizedTest
  @CsvSource({"CronJob, sync.yaml", "Job, load.yaml"})
  void whatIsMountedIsThereAndWhatIsNamedIsMounted(String kind, String file) throws IOException {
    Map<?, ?> pod = pod(job(file, kind));
    Map<?, ?> container = container(pod);
    List<Object> volumes = names(pod.get("volumes"), "name");
    List<Object> places = names(container.get("volumeMounts"), "mountPath");

    assertThat(names(container.get("volumeMounts"), "name"))
        .containsExactlyInAnyOrderElementsOf(volumes);
    assertThat(places).doesNotHaveDuplicates().contains(container.get("workingDir"));
    for (Object argument : list(container.get("args"))) {
      Pattern.compile("(?:^|=)(/[^/]+)")
          .matcher(argument.toString())
          .results()
          .forEach(place -> assertThat(places).contains(place.group(1)));
    }
    Map<?, ?> login = (Map<?, ?>) list(container.get("env")).getFirst();
    assertThat(login.get("name")).isEqualTo("DOCKER_CONFIG");
    assertThat(places).contains(login.get("value"));
    assertThat(pod.toString()).contains("key=.dockerconfigjson, path=config.json");
  }

  @Test
  void theChartHasTheVersionOfTheTool() throws IOException {
    String version = Version.number();
    Map<?, ?> chart = documents(CHART.resolve("Chart.yaml")).getFirst();
    assertThat(chart.get("version")).isEqualTo(version);
    assertThat(chart.get("appVersion")).isEqualTo(version);
    assertThat(container(pod(job("sync.yaml", "CronJob"))).get("image").toString())
        .endsWith(":" + version);
  }

  /** The values that templates name are documented ones. */
  @Test
  void templatesNameValuesThatExist() throws IOException {
    Map<?, ?> values = documents(CHART.resolve("values.yaml")).getFirst();
    int seen = 0;
    try (Stream<Path> templates = Files.list(CHART.resolve("templates"))) {
      for (Path template : templates.toList()) {
        for (var name :
            Pattern.compile("\\.Values\\.([\\w.]+)")
                .matcher(Files.readString(template))
                .results()
                .toList()) {
          assertThat(at(values, name.group(1).split("\\."))).as(name.group()).isNotNull();
          seen++;
        }
      }
    }
    assertThat(seen).isGreaterThan(10);
  }

  /** All of the table of exit codes but 0. */
  private static List<Integer> exitCodes() throws IOException {
    String page = Files.readString(EXIT_CODES);
    TreeSet<Integer> codes = new TreeSet<>();
    Pattern.compile("(?m)^\\| ([0-9, ]+) \\|")
        .matcher(page)
        .results()
        .forEach(
            row -> Stream.of(row.group(1).split(", ")).map(Integer::valueOf).forEach(codes::add));
    assertThat(codes).contains(1, 130).first().isEqualTo(0);
    codes.remove(0);
    return List.copyOf(codes);
  }

  private static Map<?, ?> job(String file, String kind) throws IOException {
    Map<?, ?> object =
        documents(FOLDER.resolve(file)).stream()
            .filter(one -> one.get("kind").equals(kind))
            .findFirst()
            .orElseThrow();
    return (Map<?, ?>)
        (kind.equals("CronJob") ? at(object, "spec", "jobTemplate", "spec") : at(object, "spec"));
  }

  private static Map<?, ?> pod(Map<?, ?> job) {
    return (Map<?, ?>) at(job, "template", "spec");
  }

  private static Map<?, ?> container(Map<?, ?> pod) {
    return (Map<?, ?>) list(pod.get("containers")).getFirst();
  }

  private static List<Object> names(Object all, String key) {
    return list(all).stream().<Object>map(one -> ((Map<?, ?>) one).get(key)).toList();
  }

  private static List<?> list(Object value) {
    return (List<?>) value;
  }

  private static Object at(Map<?, ?> map, String... path) {
    Object value = map;
    for (String key : path) {
      value = ((Map<?, ?>) value).get(key);
    }
    return value;
  }

  private static List<Map<?, ?>> documents(Path file) throws IOException {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    List<Map<?, ?>> documents = new ArrayList<>();
    new Yaml(new SafeConstructor(strict))
        .loadAll(Files.readString(file))
        .forEach(one -> documents.add((Map<?, ?>) one));
    return documents;
  }
}

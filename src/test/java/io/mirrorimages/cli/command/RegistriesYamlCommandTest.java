package io.mirrorimages.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.Command;
import io.mirrorimages.image.Reference;
import io.mirrorimages.image.Repository;
import io.mirrorimages.naming.Destination;
import io.mirrorimages.naming.Mapping;
import io.mirrorimages.naming.NameRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes are told the names that images have at the target. */
class RegistriesYamlCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h.io | flat | ",
        "h.io/proj/sub | flat | ",
        "h.io | by-registry | ",
        "h.io/proj | by-registry | ",
        "h.io | rancher | ",
        "h.io/proj | rancher | ",
        "h.io | rancher | ^rancher/(.*)=mirror/$1",
        "h.io | flat | ^rancher/(.*)=mirror/$1",
        "h.io/proj | by-registry | k8s[.]io/(.*)=k8s.io/x-$1"
      })
  void nodesThatRewriteFindEachImageWhereItWent(
      String registry, String layout, String rule, @TempDir Path folder) throws Exception {
    List<Reference> images =
        List.of(
            Reference.parse("rancher/shell:v1"),
            Reference.parse("nginx:1"),
            Reference.parse("rancher/a.b:v1"),
            Reference.parse("rancher/axb:v1"),
            Reference.parse("registry.k8s.io/pause:3.9"));
    Path list = Files.write(folder.resolve("l"), images.stream().map(Reference::toString).toList());
    List<String> rules = rule == null ? List.of() : List.of(rule);
    Mapping.Layout parsed =
        Arrays.stream(Mapping.Layout.values())
            .filter(value -> value.toString().equals(layout))
            .findFirst()
            .orElseThrow();
    Destination destination =
        Destination.parse(registry)
            .with(new Mapping(parsed, rules.stream().map(NameRule::parse).toList()));

    Command command =
        rule == null
            ? Command.run(
                "registries-yaml", "--registry", registry, "--mapping", layout, "--list", list)
            : Command.run(
                "registries-yaml",
                "--registry",
                registry,
                "--mapping",
                layout,
                "--map",
                rule,
                "--list",
                list);

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.out()).doesNotContain("\\");
    for (Reference image : images) {
      assertThat(rewritten(command.out(), image.repository()))
          .isEqualTo(destination.path(image.repository()));
    }
  }

  @Test
  void withoutAListThereIsOneMirrorForAll() {
    Command command =
        Command.run("registries-yaml", "--registry", "h.io:8443/proj", "--ca-file", "/etc/ca.pem");

    assertThat(command.out())
        .containsSubsequence(
            "mirrors:",
            "  \"*\":",
            "- \"https://h.io:8443\"",
            "\"^(.*)$\": \"proj/$1\"",
            "configs:",
            "  \"h.io:8443\":",
            "ca_file: \"/etc/ca.pem\"");
    assertThat(
            Command.run("registries-yaml", "--registry", "h.io", "--mapping", "by-registry")
                .complaint(2))
        .contains("--list");
  }

  /** As K3s does it: of the registry's rewrites any that changes the path; there must be one. */
  private static String rewritten(String yaml, Repository repository) {
    Matcher block =
        Pattern.compile(
                "  \"%s\":\n    endpoint:\n      - \"https://h.io\"\n((?:    rewrite:\n)?(?:      .*\n)*)"
                    .formatted(Pattern.quote(repository.registry())))
            .matcher(yaml);
    assertThat(block.find()).as(yaml).isTrue();
    Matcher rewrite = Pattern.compile("      \"(.*)\": \"(.*)\"").matcher(block.group(1));
    String result = repository.path();
    int changed = 0;
    while (rewrite.find()) {
      String other = repository.path().replaceAll(rewrite.group(1), rewrite.group(2));
      if (!other.equals(repository.path())) {
        result = other;
        changed++;
      }
    }
    assertThat(changed).as("rewrites for " + repository).isLessThanOrEqualTo(1);
    return result;
  }
}

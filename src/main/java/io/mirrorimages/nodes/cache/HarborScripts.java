package io.mirrorimages.nodes.cache;

import io.mirrorimages.nodes.NodeSetup;
import io.mirrorimages.nodes.TextLiteral;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Scripts for Harbor's API 2.0, for a POSIX shell with curl. The login comes from a file, so that
 * the process list has no password.
 */
final class HarborScripts {
  private static final Map<String, String> ADAPTERS =
      Map.of("docker.io", "docker-hub", "ghcr.io", "github-ghcr");

  private HarborScripts() {}

  /** Makes a proxy-cache project for each registry; projects and endpoints that are there stay. */
  static String proxyCache(NodeSetup setup, Map<String, String> projects) {
    List<String> lines = new ArrayList<>();
    lines.add("#!/bin/sh");
    lines.add("# Makes projects of " + setup.host() + " that fetch from the original registries.");
    common(setup, setup.url(), lines);
    projects.forEach(
        (project, source) -> {
          lines.add("");
          lines.add(
              "endpoint %s %s %s"
                  .formatted(
                      TextLiteral.word(source),
                      ADAPTERS.getOrDefault(source, "docker-registry"),
                      TextLiteral.word(address(source))));
          lines.add(
              "project %s '%s'"
                  .formatted(
                      TextLiteral.word(project),
                      setup.username().isPresent() ? "\"false\"" : "\"true\""));
        });
    return String.join("\n", lines);
  }

  /** Makes a rule at a second Harbor that pulls what was loaded into the first. */
  static String replication(NodeSetup setup) {
    String project = setup.destination().project();
    List<String> lines = new ArrayList<>();
    lines.add("#!/bin/sh");
    lines.add("# Lets a second Harbor, $HARBOR, pull what was loaded into " + setup.host() + ".");
    common(setup, "", lines);
    lines.add("");
    lines.add("# Private projects need the login of a robot: add it to the endpoint in the pages.");
    lines.add(
        "endpoint " + TextLiteral.word(setup.host()) + " harbor " + TextLiteral.word(setup.url()));
    lines.add("rule='{\"name\": \"mirror-images\", \"enabled\": true, \"override\": true,");
    lines.add("  \"src_registry\": {\"id\": '\"$id\"'},");
    lines.add(
        "  \"filters\": [{\"type\": \"name\", \"value\": %s}],"
            .formatted(TextLiteral.quoted(project.isEmpty() ? "**" : project + "/**")));
    lines.add("  \"trigger\": {\"type\": \"manual\", \"trigger_settings\": {\"cron\": \"\"}}}'");
    lines.add("# Names stay as they are; projects that are missing are made.");
    lines.add(
        "if [ \"$(api \"$HARBOR/api/v2.0/replication/policies?q=name%3Dmirror-images\" |"
            + " first_id)\" ]; then");
    lines.add("  echo 'the rule is there'");
    lines.add("else");
    lines.add("  api --data \"$rule\" \"$HARBOR/api/v2.0/replication/policies\"");
    lines.add("  echo 'made the rule mirror-images: start it in the pages, or give it a time'");
    lines.add("fi");
    return String.join("\n", lines);
  }

  private static void common(NodeSetup setup, String harbor, List<String> lines) {
    lines.add("# NETRC names a file of mode 0600: machine HOST login NAME password PASSWORD");
    lines.add("set -eu");
    lines.add(
        harbor.isEmpty()
            ? ": \"${HARBOR:?give the address of the second Harbor, https://HOST}\""
            : "HARBOR=" + TextLiteral.word(harbor));
    lines.add(": \"${NETRC:?give the file with the login}\"");
    lines.add("api() {");
    lines.add(
        "  curl --fail --silent --show-error --netrc-file \"$NETRC\" --header 'Content-Type: application/json'%s \"$@\""
            .formatted(tls(setup, harbor)));
    lines.add("}");
    lines.add("first_id() {");
    lines.add("  grep -o '\"id\": *[0-9]*' | head -n 1 | grep -o '[0-9]*$' || true");
    lines.add("}");
    lines.add(
        "# endpoint NAME TYPE URL: sets id. A type that this Harbor has not is docker-registry.");
    lines.add("endpoint() {");
    lines.add("  name=$1 type=$2 url=$3");
    lines.add(
        "  id=$(api --get --data-urlencode \"q=name=$name\" \"$HARBOR/api/v2.0/registries\" |"
            + " first_id)");
    lines.add("  if [ \"$id\" ]; then");
    lines.add("    echo \"the endpoint $name is there\"");
    lines.add("    return");
    lines.add("  fi");
    lines.add("  case $(api \"$HARBOR/api/v2.0/replication/adapters\") in");
    lines.add("    *\"\\\"$type\\\"\"*) ;;");
    lines.add("    *) type=docker-registry ;;");
    lines.add("  esac");
    lines.add(
        "  api --data \"{\\\"name\\\": \\\"$name\\\", \\\"type\\\": \\\"$type\\\", \\\"url\\\": \\\"$url\\\", \\\"insecure\\\": %s}\" \"$HARBOR/api/v2.0/registries\""
            .formatted(harbor.isEmpty() && setup.skipsVerify()));
    lines.add(
        "  id=$(api --get --data-urlencode \"q=name=$name\" \"$HARBOR/api/v2.0/registries\" |"
            + " first_id)");
    lines.add("  echo \"made the endpoint $name of type $type\"");
    lines.add("}");
    if (!harbor.isEmpty()) {
      lines.add("# project NAME PUBLIC: a cache of the last endpoint.");
      lines.add("project() {");
      lines.add(
          "  if api --head --output /dev/null \"$HARBOR/api/v2.0/projects?project_name=$1\""
              + " 2>/dev/null; then");
      lines.add("    echo \"the project $1 is there: see that it is a proxy cache\"");
      lines.add("    return");
      lines.add("  fi");
      lines.add(
          "  api --data \"{\\\"project_name\\\": \\\"$1\\\", \\\"registry_id\\\": $id,"
              + " \\\"metadata\\\": {\\\"public\\\": $2}}\" \"$HARBOR/api/v2.0/projects\"");
      lines.add("  echo \"made the project $1, a cache of $name\"");
      lines.add("}");
    }
  }

  private static String tls(NodeSetup setup, String harbor) {
    if (harbor.isEmpty()) {
      return "";
    }
    return setup.caFile().map(file -> " --cacert " + TextLiteral.word(file)).orElse("")
        + (setup.skipsVerify() ? " --insecure" : "");
  }

  private static String address(String source) {
    return source.equals("docker.io") ? "https://hub.docker.com" : "https://" + source;
  }
}

package io.mirrorimages.cli.command.check;

import io.mirrorimages.image.Json;
import io.mirrorimages.image.Text;
import io.mirrorimages.job.check.AttemptAnswer;
import io.mirrorimages.job.check.CheckedImage;
import io.mirrorimages.nodes.check.ConfigFinding;
import io.mirrorimages.nodes.check.FindingKind;
import io.mirrorimages.nodes.check.NodeAttempt;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a check found, for programs; the fields are documented in {@code check.md}. */
final class CheckJson {
  private CheckJson() {}

  static ObjectNode of(CheckReport report) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    ArrayNode findings = node.putArray("findings");
    report.findings().forEach(finding -> findings.add(finding(finding)));
    ArrayNode images = node.putArray("images");
    report.images().forEach(image -> images.add(image(image)));
    report.nodeVersion().ifPresent(version -> node.put("nodeVersion", version));
    node.put("errors", report.count(FindingKind.Severity.ERROR));
    node.put("warnings", report.count(FindingKind.Severity.WARNING));
    for (CheckedImage.CheckOutcome outcome : CheckedImage.CheckOutcome.values()) {
      node.put(field(outcome), report.count(outcome));
    }
    return node;
  }

  private static String field(CheckedImage.CheckOutcome outcome) {
    return switch (outcome) {
      case FOUND -> "found";
      case OTHER_DIGEST -> "otherDigest";
      case NOT_FOUND -> "notFound";
      case RESOLVED -> "resolved";
    };
  }

  private static ObjectNode finding(ConfigFinding finding) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("name", finding.kind().label());
    node.put("severity", finding.kind().severity().label());
    if (!finding.file().isEmpty()) {
      node.put("file", finding.file());
    }
    if (finding.line() > 0) {
      node.put("line", finding.line());
    }
    return node.put("text", Text.line(finding.text()));
  }

  private static ObjectNode image(CheckedImage image) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("image", image.resolution().image().toString());
    node.put("reader", image.resolution().reader());
    node.put("outcome", image.outcome().label());
    image.expected().ifPresent(digest -> node.put("expected", digest.toString()));
    ArrayNode attempts = node.putArray("attempts");
    image.answers().forEach(answer -> attempts.add(attempt(answer, image)));
    return node;
  }

  private static ObjectNode attempt(AttemptAnswer answer, CheckedImage image) {
    NodeAttempt attempt = answer.attempt();
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("url", attempt.url(image.resolution().image()));
    node.put("default", attempt.isDefault());
    node.put("reason", attempt.reason());
    ObjectNode login = node.putObject("login").put("kind", attempt.login().kind());
    if (!attempt.login().user().isEmpty()) {
      login.put("user", attempt.login().user());
    }
    source(login, attempt.login().source());
    ObjectNode tls = node.putObject("tls").put("verify", !attempt.tls().skipsVerify());
    attempt.tls().caFile().ifPresent(file -> tls.put("caFile", file.toString()));
    attempt.tls().certFile().ifPresent(file -> tls.put("certFile", file.toString()));
    source(tls, attempt.tls().source());
    node.put("state", answer.state().label());
    answer.digest().ifPresent(digest -> node.put("digest", digest.toString()));
    if (!answer.text().isEmpty()) {
      node.put("text", Text.line(answer.text()));
    }
    return node;
  }

  private static void source(ObjectNode node, String source) {
    if (!source.isEmpty()) {
      node.put("source", source);
    }
  }
}

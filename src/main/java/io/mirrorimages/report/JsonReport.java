package io.mirrorimages.report;

import io.mirrorimages.failure.Failure;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.SettingNames;
import io.mirrorimages.image.Json;
import io.mirrorimages.image.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The report as JSON. Its form is documented in {@code reports.md}; {@code schema} changes when a
 * field changes its meaning or goes.
 *
 * @param naming how the reader of the report gives a setting that a message advises
 */
public record JsonReport(SettingNames naming) implements ReportFormat {
  private static final int SCHEMA = 1;
  private static final Pattern HEAD =
      Pattern.compile(
          "\\s*\\{\\s*\"schema\"\\s*:\\s*[0-9]+\\s*,\\s*\"version\"\\s*:.*", Pattern.DOTALL);

  @Override
  public boolean isReport(String head) {
    return HEAD.matcher(head).matches();
  }

  @Override
  public Setting setting() {
    return Setting.REPORT;
  }

  @Override
  public String noun() {
    return "report";
  }

  /** It could be taken for that of the later run. */
  @Override
  public boolean staysTrue() {
    return false;
  }

  /** Image by image, as UTF-8: as a tree 100,000 of them would be large. */
  @Override
  public void write(RunReport report, OutputStream out) throws IOException {
    try (JsonGenerator json = Json.MAPPER.writerWithDefaultPrettyPrinter().createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberProperty("schema", SCHEMA);
      json.writeStringProperty("version", report.version());
      json.writeStringProperty("command", report.command());
      json.writeStringProperty("started", seconds(report.started()));
      writeEnd(report.end(), json);
      json.writeName("summary");
      json.writeTree(ReportNodes.summary(report.images()));
      writeArray("waits", report.waits(), JsonReport::waits, json);
      writeArray("pulls", report.pulls(), ReportNodes::place, json);
      writeArray("images", report.images(), new ReportNodes(naming)::image, json);
      json.writeEndObject();
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }

  private static <T> void writeArray(
      String name, List<T> all, Function<T, ObjectNode> form, JsonGenerator json) {
    json.writeArrayPropertyStart(name);
    for (T one : all) {
      json.writeTree(form.apply(one));
    }
    json.writeEndArray();
  }

  private void writeEnd(Optional<RunReport.End> end, JsonGenerator json) {
    if (end.isEmpty()) {
      json.writeNullProperty("finished");
      json.writeNullProperty("exitCode");
    } else {
      json.writeStringProperty("finished", seconds(end.get().time()));
      json.writeNumberProperty("exitCode", end.get().exitCode());
    }
    json.writeName("error");
    json.writeTree(
        end.flatMap(RunReport.End::error).<JsonNode>map(this::error).orElse(NullNode.instance));
  }

  private ObjectNode error(Failure failure) {
    ObjectNode error = Json.MAPPER.createObjectNode();
    error.put("reason", failure.reason().label());
    error.put("message", words(failure.message()));
    return error;
  }

  private String words(String message) {
    return Text.line(Setting.named(message, naming));
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static ObjectNode waits(RunReport.HostWaits waits) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("registry", Text.line(waits.registry()));
    node.put("outages", waits.outages());
    node.put("outageSeconds", waits.away().toMillis() / 1000.0);
    ArrayNode causes = node.putArray("causes");
    waits.causes().forEach(cause -> causes.add(Text.line(cause)));
    return node;
  }
}

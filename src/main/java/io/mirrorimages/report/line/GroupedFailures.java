package io.mirrorimages.report.line;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.mirror.Status;
import io.mirrorimages.mirror.event.RunEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The lines of a format for people with equal failures taken together: the first image that fails
 * with one has its line at once; the others follow before the summary, as one line if they are
 * many. There, what is damaged comes before what is missing, perhaps because of that. Thread-safe.
 */
public final class GroupedFailures implements EventFormat {
  private final EventFormat format;
  private final Map<FailureGroup.Key, FailureGroup> groups = new LinkedHashMap<>();

  /** Takes the lines of {@code format}, with one line for a failed image. */
  public GroupedFailures(EventFormat format) {
    this.format = format;
  }

  @Override
  public List<String> lines(RunEvent event) {
    List<String> lines = format.lines(event);
    return switch (event) {
      case RunEvent.ImageEnded end when end.result().status() == Status.FAILED -> {
        synchronized (groups) {
          FailureGroup group =
              groups.computeIfAbsent(FailureGroup.Key.of(end.result()), key -> new FailureGroup());
          yield group.add(end.result(), String.join(" ", lines)) ? lines : List.of();
        }
      }
      case RunEvent.ImagesEnded _ -> Stream.concat(rest().stream(), lines.stream()).toList();
      default -> lines;
    };
  }

  private List<String> rest() {
    List<String> all = new ArrayList<>();
    synchronized (groups) {
      groups.entrySet().stream()
          .sorted(
              Comparator.comparing(
                  (Map.Entry<FailureGroup.Key, FailureGroup> entry) ->
                      entry.getKey().reason() == FailureKind.MISSING))
          .forEach(entry -> all.addAll(entry.getValue().rest(entry.getKey())));
      groups.clear();
    }
    return all;
  }
}

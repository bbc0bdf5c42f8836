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
 * The lines of a format for people with equal failures taken together: the first three images that
 * fail with one have their lines at once; if more follow, one line before the summary counts them
 * all. There, what is damaged comes before what is missing, perhaps because of that. Thread-safe.
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
          yield group.add(end.result()) ? lines : List.of();
        }
      }
      case RunEvent.ImagesEnded _ -> Stream.concat(groupLines().stream(), lines.stream()).toList();
      default -> lines;
    };
  }

  private List<String> groupLines() {
    List<String> all = new ArrayList<>();
    synchronized (groups) {
      groups.entrySet().stream()
          .sorted(
              Comparator.comparing(
                  (Map.Entry<FailureGroup.Key, FailureGroup> entry) ->
                      entry.getKey().reason() == FailureKind.MISSING))
          .forEach(entry -> entry.getValue().line(entry.getKey()).ifPresent(all::add));
      groups.clear();
    }
    return all;
  }
}

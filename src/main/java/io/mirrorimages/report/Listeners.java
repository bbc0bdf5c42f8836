package io.mirrorimages.report;

import io.mirrorimages.mirror.ImageResult;
import io.mirrorimages.mirror.Plan;
import io.mirrorimages.mirror.PullForecast;
import io.mirrorimages.mirror.RunListener;
import java.util.List;

/** Several listeners as one. */
public record Listeners(List<RunListener> all) implements RunListener {
  @Override
  public void foreseen(PullForecast forecast) {
    all.forEach(listener -> listener.foreseen(forecast));
  }

  @Override
  public void planned(Plan plan) {
    all.forEach(listener -> listener.planned(plan));
  }

  @Override
  public void ended(ImageResult result) {
    all.forEach(listener -> listener.ended(result));
  }

  @Override
  public void moved(long bytes) {
    all.forEach(listener -> listener.moved(bytes));
  }
}

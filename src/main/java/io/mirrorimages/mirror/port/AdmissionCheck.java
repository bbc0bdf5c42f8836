package io.mirrorimages.mirror.port;

import io.mirrorimages.failure.TransferException;
import io.mirrorimages.mirror.PlannedImage;
import java.util.Optional;

/** The ability of a target that knows of images it will refuse before anything is sent. */
@FunctionalInterface
public interface AdmissionCheck {
  /** Why the target would refuse the image, as far as that is known; empty if it would not. */
  Optional<TransferException> refusal(PlannedImage image);

  /** The ability of {@code target}, or that of a target that refuses nothing in advance. */
  static AdmissionCheck of(ImageTarget target) {
    return target.ability(AdmissionCheck.class).orElse(image -> Optional.empty());
  }
}

/** What skopeo writes in a format of its own. */
@NullMarked
package io.mirrorimages.archive.format.skopeo;

import org.jspecify.annotations.NullMarked;

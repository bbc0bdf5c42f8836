/** How many manifests a registry still serves, as its rate-limit headers say (Docker Hub does). */
@NullMarked
package io.mirrorimages.registry.limit.pull;

import org.jspecify.annotations.NullMarked;

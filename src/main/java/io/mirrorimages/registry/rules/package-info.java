/**
 * What is particular about registries that are known by name: a table, with where each rule is
 * from.
 */
@NullMarked
package io.mirrorimages.registry.rules;

import org.jspecify.annotations.NullMarked;

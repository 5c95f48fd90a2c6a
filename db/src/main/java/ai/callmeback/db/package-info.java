/**
 * How the applications reach PostgreSQL: settings, pool, migrations.
 *
 * <p>Every feature has a package of its own below this one. Applications import {@link
 * ai.callmeback.db.DatabaseConfiguration} and inject the public types of those packages.
 */
@NullMarked
package ai.callmeback.db;

import org.jspecify.annotations.NullMarked;

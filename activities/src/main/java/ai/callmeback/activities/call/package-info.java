/** What call workflows ask of the world: the database, the ledger and the vendors. */
@org.jspecify.annotations.NullMarked
package ai.callmeback.activities.call;

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">

type Schemas = DatabaseWithoutInternals

type DefaultSchema = Schemas[Extract<keyof Database, "public">]

type InSchema = { schema: keyof Schemas }

type Relations<S extends keyof Schemas> = Schemas[S]["Tables"] &
  Schemas[S]["Views"]

export type Tables<
  NameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | InSchema,
  Name extends NameOrOptions extends InSchema
    ? keyof Relations<NameOrOptions["schema"]>
    : never = never,
> = NameOrOptions extends InSchema
  ? Relations<NameOrOptions["schema"]>[Name] extends { Row: infer R }
    ? R
    : never
  : NameOrOptions extends keyof (DefaultSchema["Tables"] &
        DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[NameOrOptions] extends {
        Row: infer R
      }
      ? R
      : never
    : never

type Written<
  Kind extends "Insert" | "Update",
  NameOrOptions,
  Name,
> = NameOrOptions extends InSchema
  ? Name extends keyof Schemas[NameOrOptions["schema"]]["Tables"]
    ? Schemas[NameOrOptions["schema"]]["Tables"][Name] extends Record<
        Kind,
        infer W
      >
      ? W
      : never
    : never
  : NameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][NameOrOptions] extends Record<Kind, infer W>
      ? W
      : never
    : never

export type TablesInsert<
  NameOrOptions extends keyof DefaultSchema["Tables"] | InSchema,
  Name extends NameOrOptions extends InSchema
    ? keyof Schemas[NameOrOptions["schema"]]["Tables"]
    : never = never,
> = Written<"Insert", NameOrOptions, Name>

export type TablesUpdate<
  NameOrOptions extends keyof DefaultSchema["Tables"] | InSchema,
  Name extends NameOrOptions extends InSchema
    ? keyof Schemas[NameOrOptions["schema"]]["Tables"]
    : never = never,
> = Written<"Update", NameOrOptions, Name>

export type Enums<
  NameOrOptions extends keyof DefaultSchema["Enums"] | InSchema,
  Name extends NameOrOptions extends InSchema
    ? keyof Schemas[NameOrOptions["schema"]]["Enums"]
    : never = never,
> = NameOrOptions extends InSchema
  ? Schemas[NameOrOptions["schema"]]["Enums"][Name]
  : NameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][NameOrOptions]
    : never

export type CompositeTypes<
  NameOrOptions extends keyof DefaultSchema["CompositeTypes"] | InSchema,
  Name extends NameOrOptions extends InSchema
    ? keyof Schemas[NameOrOptions["schema"]]["CompositeTypes"]
    : never = never,
> = NameOrOptions extends InSchema
  ? Schemas[NameOrOptions["schema"]]["CompositeTypes"][Name]
  : NameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][NameOrOptions]
    : never

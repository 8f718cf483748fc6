export type Json =
  | string
  | number
  | boolean
  | null
  | { [key: string]: Json | undefined }
  | Json[]

export type Database = {
  // Allows to automatically instantiate createClient with right options
  // instead of createClient<Database, { PostgrestVersion: 'XX' }>(URL, KEY)
  __InternalSupabase: {
    PostgrestVersion: "13.0.4"
  }
  app: {
    Tables: {
      logs: {
        Row: {
          id: string
          parent: string | null
          ship: number | null
        }
        Insert: {
          id?: string
          parent?: string | null
          ship?: number | null
        }
        Update: {
          id?: string
          parent?: string | null
          ship?: number | null
        }
        Relationships: [
          {
            foreignKeyName: "logs_parent_fkey"
            columns: ["parent"]
            isOneToOne: false
            referencedRelation: "logs"
            referencedColumns: ["id"]
          },
        ]
      }
    }
    Views: {
      [_ in never]: never
    }
    Functions: {
      points: {
        Args: Record<PropertyKey, never>
        Returns: Database["app"]["CompositeTypes"]["point_2d"][]
        SetofOptions: {
          from: "*"
          to: "point_2d"
          isOneToOne: false
          isSetofReturn: true
        }
      }
    }
    Enums: {
      [_ in never]: never
    }
    CompositeTypes: {
      point_2d: {
        x: number | null
        y: number | null
        kind: Database["public"]["Enums"]["mood"] | null
        inside: "a" | "b" | null
      }
    }
  }
  public: {
    Tables: {
      berths: {
        Row: {
          captain_of: number | null
          seat: number | null
          ship: number | null
        }
        Insert: {
          captain_of?: number | null
          seat?: number | null
          ship?: number | null
        }
        Update: {
          captain_of?: number | null
          seat?: number | null
          ship?: number | null
        }
        Relationships: [
          {
            foreignKeyName: "berths_captain_of_fkey"
            columns: ["captain_of"]
            isOneToOne: true
            referencedRelation: "active_ships"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "berths_captain_of_fkey"
            columns: ["captain_of"]
            isOneToOne: true
            referencedRelation: "crew_list"
            referencedColumns: ["ship_id"]
          },
          {
            foreignKeyName: "berths_captain_of_fkey"
            columns: ["captain_of"]
            isOneToOne: true
            referencedRelation: "over"
            referencedColumns: ["over_id"]
          },
          {
            foreignKeyName: "berths_captain_of_fkey"
            columns: ["captain_of"]
            isOneToOne: true
            referencedRelation: "ships"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "berths_ship_seat_fkey"
            columns: ["ship", "seat"]
            isOneToOne: true
            referencedRelation: "crew"
            referencedColumns: ["ship", "seat"]
          },
          {
            foreignKeyName: "berths_ship_seat_fkey"
            columns: ["ship", "seat"]
            isOneToOne: true
            referencedRelation: "crew_list"
            referencedColumns: ["again", "seat"]
          },
          {
            foreignKeyName: "berths_ship_seat_fkey"
            columns: ["ship", "seat"]
            isOneToOne: true
            referencedRelation: "crew_list"
            referencedColumns: ["ship", "seat"]
          },
        ]
      }
      crew: {
        Row: {
          name: string | null
          seat: number
          ship: number
          ship_of: {
            _start: string | null
            "2nd": number | null
            active: boolean
            built: string | null
            "Call Sign": string
            class: Database["public"]["Enums"]["mood"] | null
            contact: string
            extra: Json | null
            id: number
            kind: "a" | "b" | null
            labels: string[] | null
            meta: NonNullable<Json>
            place: unknown
            position: Database["app"]["CompositeTypes"]["point_2d"] | null
            raw: string | null
            size: number | null
            span: unknown
            statuses: Database["public"]["Enums"]["certificate_status"][]
            tonnage: number | null
            track: Database["app"]["CompositeTypes"]["point_2d"][] | null
            ünder: string | null
          } | null
        }
        Insert: {
          name?: string | null
          seat: number
          ship: number
        }
        Update: {
          name?: string | null
          seat?: number
          ship?: number
        }
        Relationships: [
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "active_ships"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "crew_list"
            referencedColumns: ["ship_id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "over"
            referencedColumns: ["over_id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "ships"
            referencedColumns: ["id"]
          },
        ]
      }
      empty: {
        Row: {}
        Insert: {}
        Update: {}
        Relationships: []
      }
      parted: {
        Row: {
          at: string
          id: number
        }
        Insert: {
          at: string
          id: number
        }
        Update: {
          at?: string
          id?: number
        }
        Relationships: []
      }
      parted_2026: {
        Row: {
          at: string
          id: number
        }
        Insert: {
          at: string
          id: number
        }
        Update: {
          at?: string
          id?: number
        }
        Relationships: []
      }
      ships: {
        Row: {
          _start: string | null
          "2nd": number | null
          active: boolean
          built: string | null
          "Call Sign": string
          class: Database["public"]["Enums"]["mood"] | null
          contact: string
          extra: Json | null
          id: number
          kind: "a" | "b" | null
          labels: string[] | null
          meta: NonNullable<Json>
          place: unknown
          position: Database["app"]["CompositeTypes"]["point_2d"] | null
          raw: string | null
          size: number | null
          span: unknown
          statuses: Database["public"]["Enums"]["certificate_status"][]
          tonnage: number | null
          track: Database["app"]["CompositeTypes"]["point_2d"][] | null
          ünder: string | null
          crew_of: {
            name: string | null
            seat: number
            ship: number
          } | null
          full_sign: string | null
          log_of: Database["app"]["Tables"]["logs"]["Row"] | null
          named_field: number | null
        }
        Insert: {
          _start?: string | null
          "2nd"?: number | null
          active?: boolean
          built?: string | null
          "Call Sign": string
          class?: Database["public"]["Enums"]["mood"] | null
          contact: string
          extra?: Json | null
          id?: never
          kind?: "a" | "b" | null
          labels?: string[] | null
          meta: NonNullable<Json>
          place?: unknown
          position?: Database["app"]["CompositeTypes"]["point_2d"] | null
          raw?: string | null
          size?: never
          span?: unknown
          statuses?: Database["public"]["Enums"]["certificate_status"][]
          tonnage?: number | null
          track?: Database["app"]["CompositeTypes"]["point_2d"][] | null
          ünder?: string | null
        }
        Update: {
          _start?: string | null
          "2nd"?: number | null
          active?: boolean
          built?: string | null
          "Call Sign"?: string
          class?: Database["public"]["Enums"]["mood"] | null
          contact?: string
          extra?: Json | null
          id?: never
          kind?: "a" | "b" | null
          labels?: string[] | null
          meta?: NonNullable<Json>
          place?: unknown
          position?: Database["app"]["CompositeTypes"]["point_2d"] | null
          raw?: string | null
          size?: never
          span?: unknown
          statuses?: Database["public"]["Enums"]["certificate_status"][]
          tonnage?: number | null
          track?: Database["app"]["CompositeTypes"]["point_2d"][] | null
          ünder?: string | null
        }
        Relationships: []
      }
    }
    Views: {
      active_ships: {
        Row: {
          class: Database["public"]["Enums"]["mood"] | null
          id: number | null
          sign: string | null
        }
        Insert: {
          class?: Database["public"]["Enums"]["mood"] | null
          id?: number | null
          sign?: string | null
        }
        Update: {
          class?: Database["public"]["Enums"]["mood"] | null
          id?: number | null
          sign?: string | null
        }
        Relationships: []
      }
      counts: {
        Row: {
          n: number | null
          ship: number | null
        }
        Relationships: [
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "active_ships"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "crew_list"
            referencedColumns: ["ship_id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "over"
            referencedColumns: ["over_id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "ships"
            referencedColumns: ["id"]
          },
        ]
      }
      crew_list: {
        Row: {
          again: number | null
          "Call Sign": string | null
          name: string | null
          seat: number | null
          ship: number | null
          ship_id: number | null
        }
        Relationships: [
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["again"]
            isOneToOne: false
            referencedRelation: "active_ships"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "active_ships"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["again"]
            isOneToOne: false
            referencedRelation: "crew_list"
            referencedColumns: ["ship_id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "crew_list"
            referencedColumns: ["ship_id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["again"]
            isOneToOne: false
            referencedRelation: "over"
            referencedColumns: ["over_id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "over"
            referencedColumns: ["over_id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["again"]
            isOneToOne: false
            referencedRelation: "ships"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "crew_ship_fkey"
            columns: ["ship"]
            isOneToOne: false
            referencedRelation: "ships"
            referencedColumns: ["id"]
          },
        ]
      }
      over: {
        Row: {
          one: number | null
          over_id: number | null
        }
        Insert: {
          one?: never
          over_id?: number | null
        }
        Update: {
          one?: never
          over_id?: number | null
        }
        Relationships: []
      }
      written: {
        Row: {
          a: number | null
          b: number | null
        }
        Insert: {
          a?: number | null
          b?: number | null
        }
        Relationships: []
      }
    }
    Functions: {
      add: { Args: { a: number; b?: number }; Returns: number }
      body: { Args: { "": Json }; Returns: Json }
      crew_of: {
        Args: { "": Database["public"]["Tables"]["ships"]["Row"] }
        Returns: {
          name: string | null
          seat: number
          ship: number
        }[]
        SetofOptions: {
          from: "ships"
          to: "crew"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      doma: { Args: { e: unknown }; Returns: unknown }
      everyone: {
        Args: Record<PropertyKey, never>
        Returns: {
          name: string | null
          seat: number
          ship: number
        }[]
        SetofOptions: {
          from: "*"
          to: "crew"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      full_sign: {
        Args: { "": Database["public"]["Tables"]["ships"]["Row"] }
        Returns: {
          error: true
        } & "the function public.full_sign with parameter or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache"
      }
      kind_of: { Args: Record<PropertyKey, never>; Returns: "a" | "b" }
      log_of: {
        Args: { "": Database["public"]["Tables"]["ships"]["Row"] }
        Returns: Database["app"]["Tables"]["logs"]["Row"]
        SetofOptions: {
          from: "ships"
          to: "logs"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      long_one: {
        Args: {
          a_rather_long_argument: string
          another_rather_long_argument: string
          third_one?: Json
        }
        Returns: Database["public"]["Enums"]["certificate_status"][]
      }
      many: { Args: { items: string[] }; Returns: string[] }
      maybe:
        | {
            Args: Record<PropertyKey, never>
            Returns: {
              error: true
            } & "Could not choose the best candidate function between: public.maybe(), public.maybe( => text). Try renaming the parameters or the function itself in the database so function overloading can be resolved"
          }
        | { Args: { ""?: string }; Returns: string }
      named_field: {
        Args: { ship: Database["public"]["Tables"]["ships"]["Row"] }
        Returns: number
      }
      newest: {
        Args: Record<PropertyKey, never>
        Returns: {
          _start: string | null
          "2nd": number | null
          active: boolean
          built: string | null
          "Call Sign": string
          class: Database["public"]["Enums"]["mood"] | null
          contact: string
          extra: Json | null
          id: number
          kind: "a" | "b" | null
          labels: string[] | null
          meta: NonNullable<Json>
          place: unknown
          position: Database["app"]["CompositeTypes"]["point_2d"] | null
          raw: string | null
          size: number | null
          span: unknown
          statuses: Database["public"]["Enums"]["certificate_status"][]
          tonnage: number | null
          track: Database["app"]["CompositeTypes"]["point_2d"][] | null
          ünder: string | null
        }
        SetofOptions: {
          from: "*"
          to: "ships"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      nothing: { Args: Record<PropertyKey, never>; Returns: undefined }
      "Odd Call": { Args: { "an Arg": number }; Returns: number }
      one_of: {
        Args: Record<PropertyKey, never>
        Returns: {
          name: string | null
          seat: number
          ship: number
        }
        SetofOptions: {
          from: "*"
          to: "crew"
          isOneToOne: true
          isSetofReturn: true
        }
      }
      outs: { Args: { a: number }; Returns: Record<string, unknown> }
      over_loaded:
        | {
            Args: { a: number }
            Returns: {
              error: true
            } & "Could not choose the best candidate function between: public.over_loaded(a => int4), public.over_loaded(a => text). Try renaming the parameters or the function itself in the database so function overloading can be resolved"
          }
        | { Args: { a: number; b: number }; Returns: number }
        | {
            Args: { a: string }
            Returns: {
              error: true
            } & "Could not choose the best candidate function between: public.over_loaded(a => int4), public.over_loaded(a => text). Try renaming the parameters or the function itself in the database so function overloading can be resolved"
          }
      records: {
        Args: Record<PropertyKey, never>
        Returns: Record<string, unknown>[]
      }
      ship_of: {
        Args: { "": Database["public"]["Tables"]["crew"]["Row"] }
        Returns: {
          _start: string | null
          "2nd": number | null
          active: boolean
          built: string | null
          "Call Sign": string
          class: Database["public"]["Enums"]["mood"] | null
          contact: string
          extra: Json | null
          id: number
          kind: "a" | "b" | null
          labels: string[] | null
          meta: NonNullable<Json>
          place: unknown
          position: Database["app"]["CompositeTypes"]["point_2d"] | null
          raw: string | null
          size: number | null
          span: unknown
          statuses: Database["public"]["Enums"]["certificate_status"][]
          tonnage: number | null
          track: Database["app"]["CompositeTypes"]["point_2d"][] | null
          ünder: string | null
        }
        SetofOptions: {
          from: "crew"
          to: "ships"
          isOneToOne: true
          isSetofReturn: false
        }
      }
      table_of: {
        Args: { prefix: string }
        Returns: {
          id: number
          mood: Database["public"]["Enums"]["mood"]
          title: string
        }[]
      }
    }
    Enums: {
      certificate_status:
        | "pending_review"
        | "approved_by_master"
        | "rejected_by_master"
        | "expired_and_archived"
      mood: "sad" | "ok" | 'say "hi"'
    }
    CompositeTypes: {
      [_ in never]: never
    }
  }
}

export const Constants = {
  app: {
    Enums: {},
  },
  public: {
    Enums: {
      certificate_status: [
        "pending_review",
        "approved_by_master",
        "rejected_by_master",
        "expired_and_archived",
      ],
      mood: ["sad", "ok", 'say "hi"'],
    },
  },
} as const
